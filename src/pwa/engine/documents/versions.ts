/**
 * Which version of a document counts, as a pure function of everything that was delivered, in whatever order it came.
 *
 * A version is replaced when another says so, or has the same set and a higher number. Old ones stay as history. A
 * withdrawal takes the versions of one document from view. Only the sender of a document does either.
 */
import { documentKey, scopedKey, scopeOf, type Delivered } from "./delivery.js"
import { compareText, groupBy } from "./folders.js"

export type Version = {
  readonly delivered: Delivered
  readonly state: "current" | "replaced" | "withdrawn"
  /** When its sender took it back; null otherwise. */
  readonly withdrawnAtMs: number | null
}

/** One document through its versions, the one that counts first, then from the newest to the oldest. */
export type Chain = { readonly current: Version; readonly history: readonly Version[] }

export function chainsOf(all: readonly Delivered[]): readonly Chain[] {
  const withdrawals = new Map<string, Delivered>()
  for (const one of all) {
    if (one.content.action !== "withdraw") continue
    const key = documentKey(one)
    const known = withdrawals.get(key)
    if (known === undefined || one.atMs < known.atMs) withdrawals.set(key, one)
  }
  const contents = all.filter(({ content }) => content.action !== "withdraw")
  const known = new Set(contents.map(documentKey))
  // Taken back before it came, or never sent here: the withdrawal itself is what there is to show.
  const orphans = [...withdrawals].filter(([key]) => !known.has(key)).map(([, one]) => one)
  return components([...contents, ...orphans]).map((versions) => chainOf(versions, withdrawals))
}

/** Documents that belong together: of one set, or one replacing the other. */
function components(all: readonly Delivered[]): readonly (readonly Delivered[])[] {
  const parents = new Map<string, string>()
  const rootOf = (name: string): string => {
    let root = name
    for (let parent = parents.get(root); parent !== undefined && parent !== root; parent = parents.get(root)) root = parent
    parents.set(name, root)
    return root
  }
  const join = (one: string, other: string): void => {
    const [root, joined] = [rootOf(one), rootOf(other)]
    if (root !== joined) parents.set(joined, root)
  }
  for (const one of all) {
    const scope = scopeOf(one)
    const { set, replaces } = one.content
    if (set !== null) join(`set|${scopedKey(scope, set)}`, documentKey(one))
    for (const replaced of replaces) join(scopedKey(scope, replaced), documentKey(one))
  }
  return [...groupBy(all, (one) => rootOf(documentKey(one))).values()]
}

function chainOf(versions: readonly Delivered[], withdrawals: ReadonlyMap<string, Delivered>): Chain {
  const replaced = replacedIn(versions)
  const ordered = [...versions].sort(
    (one, other) => Number(replaced.has(one)) - Number(replaced.has(other)) || newestFirst(one, other),
  )
  const shown = ordered.map((delivered, index): Version => {
    const withdrawal = withdrawals.get(documentKey(delivered))
    if (withdrawal !== undefined) return { delivered, state: "withdrawn", withdrawnAtMs: withdrawal.atMs }
    return { delivered, state: index === 0 ? "current" : "replaced", withdrawnAtMs: null }
  })
  const [current, ...history] = shown
  if (current === undefined) throw new TypeError("a chain has a version")
  return { current, history }
}

/** The versions of which another of these says that it takes their place. */
function replacedIn(versions: readonly Delivered[]): ReadonlySet<Delivered> {
  const named = new Set(versions.flatMap(({ content }) => content.replaces.filter((one) => one !== content.document)))
  const highest = new Map<string, number>()
  for (const { content } of versions) {
    for (const key of [content.document, content.set]) {
      if (key !== null) highest.set(key, Math.max(highest.get(key) ?? 0, content.version))
    }
  }
  const isOlder = ({ content: { document, set, version } }: Delivered): boolean =>
    version < (highest.get(document) ?? 0) || (set !== null && version > 0 && version < (highest.get(set) ?? 0))
  return new Set(versions.filter((one) => named.has(one.content.document) || isOlder(one)))
}

function newestFirst(one: Delivered, other: Delivered): number {
  const [a, b] = [one.content, other.content]
  return (
    b.version - a.version ||
    compareText(b.filing.date, a.filing.date) ||
    b.sealedAtMs - a.sealedAtMs ||
    compareText(b.document, a.document)
  )
}
