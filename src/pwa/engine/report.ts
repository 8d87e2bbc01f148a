/** Tell a developer about a bug of this program. Errors of ours carry a code and nothing else, so no content gets out. */
export function reportBug(where: string, error: unknown): void {
  // eslint-disable-next-line no-console -- the one place: a bug that is told to nobody is never found
  console.error("lien:", where, error)
}
