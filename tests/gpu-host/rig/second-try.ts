// A test on an emulated host that fails is tried once more, at once: kernels that are emulated twice now and then stand
// still or come too late, and a run takes a quarter of an hour. What failed is printed all the same, and `npm test` says
// at its end which tests passed at their second try only. A host is held against how it was before the first (host-snapshot.ts).

jest.retryTimes(1, { retryImmediately: true, logErrorsBeforeRetry: true });
