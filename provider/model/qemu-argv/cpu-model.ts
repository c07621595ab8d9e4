// The CPU that a guest sees. It is chosen once, at the VM's birth, and kept in its pins: a model that changed under a
// running guest would crash it.

// x86-64-v2 (System V psABI) on QEMU's oldest 64-bit model, plus AES and carry-less multiplication, which every
// x86-64-v2 processor made since 2010 has. `svm=off`: qemu64 names it, Intel hosts lack it. `enforce`: a host that
// cannot give all of it refuses to start rather than start something else.
const portable =
  "qemu64,svm=off,cx16=on,lahf-lm=on,popcnt=on,pni=on,ssse3=on,sse4.1=on,sse4.2=on,aes=on,pclmulqdq=on,enforce=on";

/** What decides the model. `vendor`: the host's CPUID vendor, which a guest under KVM would see anyway. */
export interface CpuChoice {
  readonly cpu: "portable" | "host";
  readonly accelerator: "kvm" | "tcg";
  readonly vendor?: "GenuineIntel" | "AuthenticAMD";
}

/**
 * QEMU's `-cpu` value. `host` gives all that the host (under TCG: QEMU) has. Under KVM a portable model names the
 * vendor when it is given, so that a destination of another make shows up as a difference before the move.
 */
export function composeCpuModel(choice: CpuChoice): string {
  if (choice.cpu === "host") return choice.accelerator === "kvm" ? "host" : "max";
  return choice.accelerator === "kvm" && choice.vendor !== undefined ? `${portable},vendor=${choice.vendor}` : portable;
}
