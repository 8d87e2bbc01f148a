/** Everything that was delivered, filed: patients, their documents, the version of each that counts. Pure. */
import type { Doubt, PatientIdentity } from "../../bridge/documents.js"
import { documentKey, scopeOf, versionKey, type Delivered } from "./delivery.js"
import { foldersOf, type Folder } from "./folders.js"
import { areTwoPeople, coreOf } from "./identity.js"
import { dayOf, documentWords, patientWords } from "./searching.js"
import { patientsOf, type Decision } from "./together.js"
import { chainsOf, type Chain, type Version } from "./versions.js"

export type Filed = {
  readonly chain: Chain
  /** The key of its patient. */
  readonly patient: string
  readonly day: string
  readonly words: readonly string[]
  readonly isMoved: boolean
}

/** The gravest first: where there is room for one sentence, it is the one that may prevent a mistake. */
const GRAVITY: readonly Doubt[] = [
  ...(["other-traits", "perhaps-same", "bad-number", "several-numbers", "twin", "namesake"] as const),
  ...(["unqualified", "no-number", "traits-only", "fictitious"] as const),
]

export type FiledPatient = {
  readonly key: string
  readonly folders: readonly Folder[]
  readonly identity: PatientIdentity
  readonly doubts: readonly Doubt[]
  readonly words: readonly string[]
  /** From the newest to the oldest. */
  readonly filed: readonly Filed[]
  readonly candidates: readonly string[]
  readonly lookalikes: readonly string[]
}

export type Shelf = {
  readonly patients: readonly FiledPatient[]
  readonly byPatient: ReadonlyMap<string, FiledPatient>
  readonly byFolder: ReadonlyMap<string, FiledPatient>
  /** Every version by its key, the old ones too. */
  readonly byVersion: ReadonlyMap<string, { readonly filed: Filed; readonly version: Version }>
  /** By the id of any version, as its sender knows it. */
  readonly byDocument: ReadonlyMap<string, Filed>
}

export function shelve(deliveries: readonly Delivered[], decisions: readonly Decision[]): Shelf {
  const chains = new Map(chainsOf(deliveries).map((chain) => [versionKey(chain.current.delivered), chain]))
  const received = [...chains].map(([document, { current }]) => {
    const { patient, structure } = current.delivered.content
    return { document, identity: patient, issuer: structure.identifier === "" ? scopeOf(current.delivered) : structure.identifier }
  })
  const patients = patientsOf(foldersOf(received), decisions).map(({ key, folders }) => {
    const documents = folders.flatMap((folder) => folder.documents)
    const filed = documents.flatMap((document) => {
      const chain = chains.get(document)
      return chain === undefined ? [] : [fileOf(key, chain)]
    })
    return patientOf(key, folders, filed)
  })
  const newest = (patient: FiledPatient): number => patient.filed.reduce((atMs, one) => Math.max(atMs, arrivalOf(one)), 0)
  patients.sort((one, other) => newest(other) - newest(one))
  return {
    patients,
    byPatient: new Map(patients.map((patient) => [patient.key, patient])),
    byFolder: new Map(patients.flatMap((patient) => patient.folders.map(({ key }) => [key, patient]))),
    byVersion: new Map(
      patients.flatMap(({ filed }) =>
        filed.flatMap((one) =>
          [one.chain.current, ...one.chain.history].map((version) => [versionKey(version.delivered), { filed: one, version }]),
        ),
      ),
    ),
    byDocument: new Map(
      patients.flatMap(({ filed }) =>
        filed.flatMap((one) => [one.chain.current, ...one.chain.history].map(({ delivered }) => [documentKey(delivered), one])),
      ),
    ),
  }
}

/** When the version that counts came, or was taken back. */
export const arrivalOf = ({ chain: { current } }: Filed): number => Math.max(current.delivered.atMs, current.withdrawnAtMs ?? 0)

function fileOf(patient: string, chain: Chain): Filed {
  const { current, history } = chain
  const { content, atMs } = current.delivered
  const isOther = ({ delivered }: Version): boolean => {
    const [before, now] = [delivered.content.patient, content.patient]
    return areTwoPeople(before, now) || coreOf(before) !== coreOf(now)
  }
  const day = dayOf(content.filing.date, atMs)
  return { chain, patient, day, words: documentWords(content), isMoved: history.some(isOther) }
}

function patientOf(key: string, folders: readonly Folder[], filed: readonly Filed[]): FiledPatient {
  const own = new Set(folders.map((folder) => folder.key))
  const others = (keys: readonly string[]): readonly string[] => [...new Set(keys)].filter((one) => !own.has(one))
  const candidates = others(folders.flatMap((folder) => folder.candidates))
  const lookalikes = others(folders.flatMap((folder) => folder.lookalikes))
  // What the person has answered is no doubt any more.
  const isOpen = (doubt: Doubt): boolean => {
    if (doubt === "other-traits" || doubt === "perhaps-same") return candidates.length > 0
    return doubt === "namesake" || doubt === "twin" ? lookalikes.length > 0 : true
  }
  const identities = folders.map(({ identity }) => identity)
  const identity = identities.find(({ status }) => status === "qualified") ?? identities[0]
  if (identity === undefined) throw new TypeError("a patient has a folder")
  return {
    key,
    folders,
    identity,
    doubts: GRAVITY.filter((doubt) => folders.some(({ doubts }) => doubts.includes(doubt)) && isOpen(doubt)),
    words: [...new Set(identities.flatMap(patientWords))],
    filed: [...filed].sort((one, other) => (one.day < other.day ? 1 : one.day > other.day ? -1 : arrivalOf(other) - arrivalOf(one))),
    candidates,
    lookalikes,
  }
}
