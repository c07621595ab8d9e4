// The mesh of one host, as the agent's handlers call it: every act is in a file of its own.

export { vouch } from "./admission/vouch";
export { findMeshConflicts } from "./conflicts/find-conflicts";
export { describeMesh } from "./describe-mesh";
export { readIdentity } from "./identity";
export { leaveMesh } from "./leave-mesh";
export { deleteLink, putLink } from "./link/put-link";
export { putMesh } from "./put-mesh";
export { restoreMesh, watchMesh } from "./restore-mesh";
