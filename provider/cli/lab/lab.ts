// The lab's library: what the tests, `npm start` and `leea lab` call to have Linux hosts on one machine.

export { addUserKey, regenerateHostKey, removeUserKey, restartSshd } from "./host/host-keys";
export { bootHost, killHost, reinstallHost } from "./host/host-power";
export { hideBinary, unhideBinary } from "./host/hide-binary";
export { labDown } from "./lab-down";
export { labExecArgv } from "./lab-exec";
export { type Lab, type LabHost, readLab } from "./lab-record";
export { type LabOptions, labUp } from "./lab-up";
export { snapshotHost } from "./host/host-snapshot";
