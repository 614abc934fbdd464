// Stands in for the vendored file, which is not ours to check.
export const init: any;
