// The lab's library: what the tests, `npm start` and `leea lab` call to have Linux hosts on one machine.

export { hideBinary, unhideBinary } from "./host/hide-binary";
export { addUserKey, regenerateHostKey, removeUserKey, restartSshd } from "./host/host-keys";
export { bootHost, killHost, reinstallHost } from "./host/host-power";
export { snapshotHost } from "./host/host-snapshot";
export { labDown } from "./lab-down";
export { labExecArgv, labNetworkArgv } from "./lab-exec";
export { type Lab, readLab } from "./lab-record";
export { labUp } from "./lab-up";
