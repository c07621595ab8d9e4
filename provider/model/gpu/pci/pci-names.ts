// Names of vendors and devices from the text of pci.ids, as the host's distribution has it. Only what is asked for is
// read out of the text, which is over a megabyte long.

/** Names; absent where pci.ids has none. */
export interface PciNames {
  readonly vendor?: string;
  readonly device?: string;
}

/**
 * Gives the lookup over one pci.ids text. Ids are four hex digits in lower case.
 * Format (pci.ids(5)): `vvvv  Name`, below it `\tdddd  Name`, below that `\t\tssss ssss  Name`; `C ` begins the classes.
 */
export function readPciIds(text: string): (vendorId: string, deviceId: string) => PciNames {
  return (vendorId, deviceId) => {
    const section = vendorSection(text, vendorId);
    if (section === undefined) return {};
    const vendor = nameAfterId(section);
    const line = lineStarting(section, `\t${deviceId}  `);
    const device = line === undefined ? undefined : nameAfterId(line.slice(1));
    return {
      ...(vendor === undefined ? {} : { vendor: shortenVendor(vendor) }),
      ...(device === undefined ? {} : { device }),
    };
  };
}

/** The vendor's line and everything up to the next one that is not indented. */
function vendorSection(text: string, vendorId: string): string | undefined {
  if (!/^[0-9a-f]{4}$/.test(vendorId)) return undefined;
  const start = `\n${text}`.indexOf(`\n${vendorId}  `);
  if (start < 0) return undefined;
  const rest = text.slice(start);
  const end = rest.search(/\n[^\t#\n]/);
  return end < 0 ? rest : rest.slice(0, end);
}

function lineStarting(section: string, start: string): string | undefined {
  const at = section.indexOf(`\n${start}`);
  return at < 0 ? undefined : section.slice(at + 1).split("\n")[0];
}

function nameAfterId(line: string): string | undefined {
  const name = line.split("\n")[0]?.slice(6).trim();
  return name === "" ? undefined : name;
}

/** `NVIDIA Corporation` is NVIDIA, `Advanced Micro Devices, Inc. [AMD/ATI]` AMD/ATI: the word that people use. */
function shortenVendor(name: string): string {
  const bracketed = /\[([^\]]+)\]\s*$/.exec(name)?.[1];
  return (bracketed ?? name).replace(/,? (Corporation|Corp\.?|Inc\.?|Ltd\.?|Co\.?)$/i, "").trim();
}
