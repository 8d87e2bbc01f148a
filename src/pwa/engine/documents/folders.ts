/**
 * One folder for each patient, as a pure function of the identities that came: in whatever order they came.
 *
 * Law 1: two identities share a folder only if the number they are filed by is the same *and* their traits agree.
 * Law 2: what is doubtful stands apart and says why. Nothing is merged silently.
 */
import type { Doubt, PatientIdentity } from "../../bridge/documents.js"
import { areTwoPeople, contradict, coreOf, detailOf, familyOf, hasNumber, isFictitious, namesOf } from "./identity.js"

/** An identity as it came with one document, and the structure that sent it. */
export type Received = { readonly document: string; readonly identity: PatientIdentity; readonly issuer: string }

export type Folder = {
  /** Equal for equal folders on every device of the account; it holds health data and is stored sealed only. */
  readonly key: string
  /** The fullest identity among its documents. */
  readonly identity: PatientIdentity
  readonly documents: readonly string[]
  readonly doubts: readonly Doubt[]
  /** Keys of other folders whose patient may be taken for this one. */
  readonly lookalikes: readonly string[]
  /** Keys of those of which a person may say that it is the same patient. */
  readonly candidates: readonly string[]
}

type Basis = { readonly by: string; readonly doubts: readonly Doubt[] }
type Part = {
  readonly key: string
  readonly received: readonly Received[]
  readonly doubts: Set<Doubt>
  readonly siblings: readonly string[]
}

export function foldersOf(all: readonly Received[]): readonly Folder[] {
  const parts = [...groupBy(all, (one) => basisOf(one).by)].flatMap(([by, received]) => partsOf(by, received))
  const folders = parts.map((part): Folder => ({
    key: part.key,
    identity: fullest(part.received),
    documents: part.received.map(({ document }) => document),
    doubts: [...part.doubts],
    lookalikes: [],
    candidates: part.siblings,
  }))
  return compared(folders)
}

/** What an identity is filed by. A number that may not identify is not used to. */
function basisOf({ identity, issuer }: Received): Basis {
  const { oid, matricule, status, localIds } = identity
  const fictitious: readonly Doubt[] = isFictitious(identity) ? ["fictitious"] : []
  if (hasNumber(identity)) return { by: JSON.stringify(["number", oid, matricule]), doubts: fictitious }
  const doubts: Doubt[] = [...fictitious]
  if (status === "matricule_invalid" || (matricule !== "" && status === "qualified")) doubts.push("bad-number")
  else if (status === "ambiguous") doubts.push("several-numbers")
  else if (status === "unqualified") doubts.push("unqualified")
  else doubts.push("no-number")
  // The same doubtful number is no reason to put together what different senders said.
  const local = [...localIds].sort((one, other) => compareText(`${one.root}|${one.value}`, `${other.root}|${other.value}`))[0]
  if (local !== undefined) return { by: JSON.stringify(["local", local.root, local.value, doubts.at(-1), matricule]), doubts }
  doubts.push("traits-only")
  return { by: JSON.stringify(["traits", issuer, coreOf(identity), ...detailOf(identity), matricule]), doubts }
}

/** The folders of one number: one where the traits agree, otherwise one for each reading, all marked. */
function partsOf(by: string, received: readonly Received[]): readonly Part[] {
  const parts = [...groupBy(received, ({ identity }) => coreOf(identity))].flatMap(([core, alike]) => {
    if (!contradict(alike.map(({ identity }) => identity))) return [makePart(by, [core], alike)]
    const readings = groupBy(alike, ({ identity }) => JSON.stringify(detailOf(identity)))
    return [...readings].map(([detail, same]) => makePart(by, [core, detail], same))
  })
  if (parts.length === 1) return parts
  return parts.map((part) => ({
    ...part,
    doubts: part.doubts.add("other-traits"),
    siblings: parts.filter((other) => other !== part).map(({ key }) => key),
  }))
}

function makePart(by: string, names: readonly string[], received: readonly Received[]): Part {
  const doubts = new Set(received.flatMap((one) => basisOf(one).doubts))
  return { key: JSON.stringify([by, ...names]), received, doubts, siblings: [] }
}

/** Folders that people confuse: same names, same name and birth date, or everything the same. */
function compared(folders: readonly Folder[]): readonly Folder[] {
  const byNames = groupBy(folders, ({ identity }) => namesOf(identity))
  const byBirth = groupBy(folders, ({ identity }) => `${familyOf(identity)}|${identity.birthDate}`)
  return folders.map((folder) => {
    const others = (found: readonly Folder[] | undefined): readonly Folder[] => (found ?? []).filter((one) => one.key !== folder.key)
    const namesakes = others(byNames.get(namesOf(folder.identity)))
    const siblings = others(byBirth.get(`${familyOf(folder.identity)}|${folder.identity.birthDate}`))
    const same = namesakes.filter((one) => maybeSame(folder.identity, one.identity))
    const twins = siblings.filter((one) => !namesakes.includes(one))
    const doubts = new Set(folder.doubts)
    if (same.length > 0) doubts.add("perhaps-same")
    if (namesakes.length > same.length) doubts.add("namesake")
    if (twins.length > 0) doubts.add("twin")
    return {
      ...folder,
      doubts: [...doubts],
      lookalikes: [...new Set([...namesakes, ...twins].map(({ key }) => key))].sort(compareText),
      candidates: [...new Set([...folder.candidates, ...same.map(({ key }) => key)])].sort(compareText),
    }
  })
}

function maybeSame(one: PatientIdentity, other: PatientIdentity): boolean {
  return coreOf(one) === coreOf(other) && !contradict([one, other]) && !areTwoPeople(one, other)
}

/** The identity to show: qualified before others, then the one that says most; equal ones in a fixed order. */
function fullest(received: readonly Received[]): PatientIdentity {
  const weight = (identity: PatientIdentity): number =>
    (identity.status === "qualified" ? 1_000 : 0) + Object.values(identity).filter((value) => value.length > 0).length
  const [first] = [...received].sort(
    (one, other) =>
      weight(other.identity) - weight(one.identity) || compareText(JSON.stringify(one.identity), JSON.stringify(other.identity)),
  )
  if (first === undefined) throw new TypeError("a folder has a document")
  return first.identity
}

export const compareText = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0)

export function groupBy<Value>(values: readonly Value[], key: (value: Value) => string): ReadonlyMap<string, readonly Value[]> {
  const groups = new Map<string, Value[]>()
  for (const value of values) {
    const name = key(value)
    const group = groups.get(name)
    if (group === undefined) groups.set(name, [value])
    else group.push(value)
  }
  return groups
}
