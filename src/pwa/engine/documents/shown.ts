/** Patients and documents as the page sees them. */
import type {
  BodyInfo,
  DocumentCard,
  DocumentRef,
  DocumentState,
  DocumentView,
  Family,
  OtherFolder,
  PatientId,
  PatientIdentity,
  PatientSummary,
  PatientView,
  ShownIdentity,
} from "../../bridge/documents.js"
import type { Author } from "../crypto/document.js"
import { versionKey } from "./delivery.js"
import { hasNumber, isFictitious, NIR, normalize } from "./identity.js"
import { isWithin, matches, tokensOf, type Asked } from "./searching.js"
import { arrivalOf, type Filed, type FiledPatient, type Shelf } from "./shelf.js"
import type { Version } from "./versions.js"

/** Names for the page in place of keys that hold health data. */
export interface Refs {
  documentOf(versionKey: string): DocumentRef
  patientOf(key: string): PatientId
}

/** Identity as the national rules show it: the number only when it is qualified, the used names only when they differ. */
export function identityShown(identity: PatientIdentity): ShownIdentity {
  const { birthName, firstGivenName, birthGivenNames, usedName, usedGivenName, sex, birthDate, birthPlace, oid, matricule } = identity
  const family = birthName === "" ? usedName : birthName
  const given = firstGivenName === "" ? (birthGivenNames === "" ? usedGivenName : birthGivenNames) : firstGivenName
  const kind = isFictitious(identity) ? "test" : oid === NIR ? "NIR" : "NIA"
  return {
    birthName: family,
    firstGivenName: given,
    birthGivenNames,
    usedName: differs(usedName, family) ? usedName : null,
    usedGivenName: differs(usedGivenName, given) ? usedGivenName : null,
    sex,
    birthDate,
    birthPlace,
    number: hasNumber(identity) ? { kind, value: matricule } : null,
  }
}

const differs = (used: string, known: string): boolean => used !== "" && normalize(used) !== normalize(known)

export const personName = ({ familyName, givenName }: Author): string => `${givenName} ${familyName}`.trim()

const FAMILIES: ReadonlySet<string> = new Set<Family>([
  ...(["hospital", "imaging", "rcp", "pta", "synthesis", "biology", "operation", "consultation", "letter"] as const),
  ...(["prescription", "care_plan", "certificate", "administrative", "other"] as const),
])

export const familyShown = (family: string): Family => (FAMILIES.has(family) ? (family as Family) : "other")

export function cardShown(version: Version, filed: Filed, refs: Refs): DocumentCard {
  const { delivered, state } = version
  const { content, atMs, openedAtMs } = delivered
  const { filing, authors, structure } = content
  const isCurrent = version === filed.chain.current
  return {
    document: refs.documentOf(versionKey(delivered)),
    patient: refs.patientOf(filed.patient),
    family: familyShown(filing.family),
    title: filing.title,
    date: filing.date,
    receivedAtMs: atMs,
    author: authors[0] === undefined ? "" : personName(authors[0]),
    structure: structure.name,
    state: stateShown(state, openedAtMs),
    version: content.version,
    isReplacement: isCurrent && filed.chain.history.length > 0,
  }
}

function stateShown(state: Version["state"], openedAtMs: number | null): DocumentState {
  if (state !== "current") return state
  return openedAtMs === null ? "new" : "opened"
}

const isUnopened = ({ chain: { current } }: Filed): boolean => current.state === "current" && current.delivered.openedAtMs === null

export function countUnopened(shelf: Shelf): number {
  return shelf.patients.reduce((sum, { filed }) => sum + filed.filter(isUnopened).length, 0)
}

/** Null when nothing of this patient is what is asked for. */
export function summaryShown(patient: FiledPatient, asked: Asked, refs: Refs): PatientSummary | null {
  const tokens = tokensOf(asked.query)
  const isMe = matches(patient.words, tokens)
  const isAsked = (one: Filed): boolean =>
    isWithin(one.day, asked.since) &&
    (asked.families.length === 0 || asked.families.includes(familyShown(one.chain.current.delivered.content.filing.family)))
  const filed = patient.filed.filter((one) => isAsked(one) && (isMe || matches([...patient.words, ...one.words], tokens)))
  const [newest] = [...filed].sort((one, other) => arrivalOf(other) - arrivalOf(one))
  if (newest === undefined) return null
  const isNarrowed = (tokens.length > 0 && !isMe) || asked.families.length > 0 || asked.since !== null
  return {
    patient: refs.patientOf(patient.key),
    identity: identityShown(patient.identity),
    doubts: patient.doubts,
    documents: patient.filed.length,
    unopened: patient.filed.filter(isUnopened).length,
    last: cardShown(newest.chain.current, newest, refs),
    found: isNarrowed ? filed.slice(0, 5).map((one) => cardShown(one.chain.current, one, refs)) : [],
  }
}

export function patientShown(patient: FiledPatient, shelf: Shelf, refs: Refs): PatientView {
  const others = (keys: readonly string[]): readonly OtherFolder[] => {
    const found = new Set(keys.flatMap((key) => shelf.byFolder.get(key) ?? []))
    return [...found].map((other) => ({
      patient: refs.patientOf(other.key),
      identity: identityShown(other.identity),
      documents: other.filed.length,
    }))
  }
  const parts = patient.folders.map((folder) => ({
    patient: refs.patientOf(folder.key),
    identity: identityShown(folder.identity),
    documents: folder.documents.length,
  }))
  return {
    patient: refs.patientOf(patient.key),
    identity: identityShown(patient.identity),
    doubts: patient.doubts,
    documents: patient.filed.map((one) => cardShown(one.chain.current, one, refs)),
    parts: parts.length > 1 ? parts : [],
    candidates: others(patient.candidates),
    lookalikes: others(patient.lookalikes),
  }
}

export function documentShown(version: Version, filed: Filed, patient: FiledPatient, refs: Refs): DocumentView {
  const { content, sender } = version.delivered
  const { current, history } = filed.chain
  const isWithdrawn = version.state === "withdrawn"
  return {
    ...cardShown(version, filed, refs),
    identity: identityShown(content.patient),
    doubts: patient.doubts,
    authors: content.authors.map((author) => ({ name: personName(author), rpps: author.rpps })),
    sender: sender.name,
    confidentiality: content.filing.confidentiality,
    readers: content.readers.map(({ name }) => name),
    withdrawnAtMs: version.withdrawnAtMs,
    newer: version === current ? null : refs.documentOf(versionKey(current.delivered)),
    history: history.filter((one) => one !== version).map((one) => cardShown(one, filed, refs)),
    isMoved: filed.isMoved,
    // Of what was taken back nothing is offered.
    body: isWithdrawn || content.body === null ? null : bodyShown(content.body.form, content.body.blob.size),
    attachments: isWithdrawn ? [] : content.attachments.map(({ name, mediaType, blob }) => ({ name, mediaType, size: blob.size })),
    shared: null,
  }
}

export function bodyShown(form: string, size: number): BodyInfo {
  const known = form === "pdf" || form === "html" || form === "text" || form === "jpeg" ? form : "other"
  return { form: known, size }
}
