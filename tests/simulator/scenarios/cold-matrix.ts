// A cold move, broken at every point that it passes by every kind of fault, and how each such story ends. Columns as in
// matrix.ts: m = moved, s = stays on its source and failed, c = stays there and cancelled. Every cell is a scenario.

/** A row a point; each row has a letter for each fault. */
export const coldMatrix = `
before a sync operation | m s s s s m m m m s s s s c
after a sync operation | s s s s s m m m m s s s s c
before a sync note | s s s s s m m m m s s s s c
after a sync note | s s s s s m m m m s s s s c
before a asks prepareMove | s s s s s m m m m s s s s c
after a asks prepareMove | s s s s s m m m m s s s s c
before b sync incoming | s s s s s m m m m s s s s c
after b sync incoming | s s s s s m m m m s s s s c
before b launches a waiting QEMU | s s s s s m m m m s s s s c
after b launches a waiting QEMU | s s s s s s m s m s s s s c
before b sync QEMU's mark | s s s s s s m s m s s s s c
after b sync QEMU's mark | s s s s s s m s m s s s m c
before b sets the server key | s s s s s s m s m s s s m c
after b sets the server key | s s s s s s m s m s s s m c
before b listens for memory | s s s s s s m s m s s s m c
after b listens for memory | s s s s s s m s m s s s m c
before b exports its disks | s s s s s s m s m s s s m c
after b exports its disks | s s s s s s m m m s s s m c
before a sets the client key | s s s s s s m m m s s s m c
after a sets the client key | s s s s s s m m m s s s m c
before a sets the capabilities | s s s s s s m m m s s s m c
after a sets the capabilities | s s s s s s m m m s s s m c
before a connects the target | s s s s s s m m m s s s m c
after a connects the target | s s s s s s m m m s s s m c
before a begins the mirror | s s s s s s m m m s s s m c
after a begins the mirror | s s s s s s m m m s s s m c
before a sync note of the shutdown | s s s s s s m m s s s s m c
after a sync note of the shutdown | s s s s s s m m s s s s m c
before a has the guest shut down | s s s s s s m m s s s s m c
after a has the guest shut down | s s s s m s m m s s s s m c
before a ends the mirror | s s s s m s m m s s s s m c
after a ends the mirror | s s s s m s m m m s s s m c
before a asks settleDisks | s s s s m s m m m s s s m c
after a asks settleDisks | s s s s m s m m m s s s m c
before b lets go of its exports | s s s s m m m m m s s s m c
after b lets go of its exports | s s s s m m m m m s s s m c
before b exchanges its QEMU | s s s s m m m m m s s s m c
after b exchanges its QEMU | s s s s m s m s m s s s m c
before a asks announceMove | s s s s m s m s s s s s m c
after a asks announceMove | s s s s m s m s s s s s m c
before b announces the address | s s s s m s m s s s s s m c
after b announces the address | s s s s m s m s s s s s m c
before a ends the QEMU that carried the disks | s m s s m s m s m s s s m c
after a ends the QEMU that carried the disks | s m s s m s m s m s s s m c
before a sync released | s m s s m s m s m s s s m m
after a sync released | m m m s m s m s m m s m m m
before a asks grantMove | m m m s m s m s m m s m m m
after a asks grantMove | m m m s m s m s m m s m m m
before b sync owner | m m m s m m m m m m s m m m
after b sync owner | m m m m m m m m m m m m m m
before b continues the granted guest | m m m m m m m m m m m m m m
after b continues the granted guest | m m m m m m m m m m m m m m
before a sync former | m m m m m m m m m m m m m m
after a sync former | m m m m m m m m m m m m m m
before a ends its QEMU | m m m m m m m m m m m m m m
after a ends its QEMU | m m m m m m m m m m m m m m
before a asks finishMove | m m m m m m m m m m m m m m
after a asks finishMove | m m m m m m m m m m m m m m
before b ends the streams | m m m m m m m m m m m m m m
after b ends the streams | m m m m m m m m m m m m m m
before b forgets the expected move | m m m m m m m m m m m m m m
after b forgets the expected move | m m m m m m m m m m m m m m
before a removes network and disks | m m m m m m m m m m m m m m
after a removes network and disks | m m m m m m m m m m m m m m
before a drops the note | m m m m m m m m m m m m m m
after a drops the note | m m m m m m m m m m m m m m
before a sync result succeeded | m m m m m m m m m m m m m m
after a sync result succeeded | m m m m m m m m m m m m m m
`;
