/** Builders for the tests of this folder: valid by default, a test names what it is about. */
import type { DocumentId, PatientIdentity } from "../../bridge/documents.js"
import type { EnvelopeId } from "../../bridge/models.js"
import type { Action, Filing } from "../crypto/document.js"
import { deliveryName, type Delivered, type Sender } from "./delivery.js"
import type { Received } from "./folders.js"

export function anIdentity(changed: Partial<PatientIdentity> = {}): PatientIdentity {
  return {
    oid: "1.2.250.1.213.1.4.8",
    matricule: "279035121518989",
    status: "qualified",
    birthName: "PAYET FICTIF",
    birthGivenNames: "JEANNE",
    firstGivenName: "JEANNE",
    sex: "F",
    birthDate: "1951-03-12",
    birthPlace: "97411",
    usedName: "",
    usedGivenName: "",
    localIds: [],
    ...changed,
  }
}

export const receivedOf = (document: string, identity: PatientIdentity, issuer = "CHU"): Received => ({ document, identity, issuer })

type Said = Partial<Filing> & {
  readonly action?: Action
  readonly set?: string
  readonly version?: number
  readonly replaces?: readonly string[]
  readonly patient?: PatientIdentity
}

export function aDelivery(document: string, said: Said = {}, sender: Partial<Sender> = {}): Delivered {
  const { action = "new", set = null, version = 1, replaces = [], patient = anIdentity(), ...filing } = said
  const envelope = `${document} ${version} ${action}` as EnvelopeId
  const { gateway = "g1" } = sender
  return {
    kind: "delivered",
    name: deliveryName(gateway, envelope),
    envelope,
    gateway,
    atMs: 1_795_000_000_000,
    sender: { gateway, name: "CHU FICTIF", structure: "970000001", ...sender },
    openedAtMs: null,
    content: {
      action,
      document: document as DocumentId,
      set: set as DocumentId | null,
      version,
      replaces: replaces as readonly DocumentId[],
      filing: {
        family: "imaging",
        typeCode: "18748-4",
        typeSystem: "2.16.840.1.113883.6.1",
        title: "Radiographie du thorax",
        date: "2026-11-23T14:05:00+04:00",
        confidentiality: "N",
        ...filing,
      },
      patient,
      authors: [{ rpps: "99000000018", familyName: "FICTIF-PAYET", givenName: "Marie", speciality: "" }],
      structure: { identifier: "1970000001", name: "CHU FICTIF" },
      readers: [],
      body: action === "withdraw" ? null : { form: "pdf", mediaType: "application/pdf", blob: aBlob() },
      attachments: [],
      sealedAtMs: 1_795_000_000_000,
    },
  }
}

const aBlob = () => ({ blob: "blob", key: new Uint8Array(32), size: 1_000, hash: new Uint8Array(32) })
