// Generated from provider/protocol/bodies.ts by `npm run generate`; do not edit.

export interface BodyError {
  readonly instancePath: string;
  readonly message?: string;
  readonly params: Readonly<Record<string, unknown>>;
}
export type BodyCheck = ((body: unknown) => boolean) & { readonly errors?: readonly BodyError[] | null };
export declare const setUpNode: BodyCheck;
export declare const leaveNode: BodyCheck;
export declare const checkMesh: BodyCheck;
export declare const putMesh: BodyCheck;
export declare const vouch: BodyCheck;
export declare const putLink: BodyCheck;
export declare const checkVm: BodyCheck;
export declare const putVm: BodyCheck;
export declare const deleteVm: BodyCheck;
export declare const checkMove: BodyCheck;
export declare const expectMove: BodyCheck;
export declare const moveVm: BodyCheck;
export declare const prepareMove: BodyCheck;
export declare const openStraight: BodyCheck;
export declare const grantMove: BodyCheck;
export declare const finishMove: BodyCheck;
export declare const askVm: BodyCheck;
export declare const checkGpuPartition: BodyCheck;
export declare const putGpuPartition: BodyCheck;
export declare const deleteGpuPartition: BodyCheck;
