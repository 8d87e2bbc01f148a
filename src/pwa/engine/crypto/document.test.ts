import { readFileSync } from "node:fs"
import { expect, test } from "vitest"
import { openAccountSecret } from "./account.js"
import { openDocument } from "./document.js"
import { isTrustedAt, openCertificate, openRevocation } from "./gateway.js"
import { sealingKeyFromSeed } from "./sealing.js"
import { encode } from "./structure.js"
import { openAuditKey, openNote, sealAuditNote, sealNote } from "./trace.js"
import type { AccountId, DeviceId } from "../../bridge/models.js"
import type { DocumentId } from "../../bridge/documents.js"

type Bound = { why: string; code: string; bytes: string; signature: string; attestor_public?: string; fields: Record<string, unknown> }
type Sealed = { why: string; code: string; header: string; sealed: string; secret: string; gateway_public: string; content: unknown }
type Trace = { secret: string; account: string; generation: number; document: string; kind: string; note: unknown; sealed: string }
type Vectors = {
  attestor_public: string
  certificates: [Bound]
  certificate_refused: Bound[]
  revocations: [Bound]
  documents: Sealed[]
  document_refused: Sealed[]
  traces: [Trace]
  audit_keys: [Bound & { public: string; key: string }]
  audit_key_refused: Bound[]
  audit_notes: [{ seed: string; account: string; device: string; document: string; kind: string; note: { title: string; patient: string; detail: string } }]
}
const vectors = JSON.parse(readFileSync(new URL("../../../../tests/vectors/documents.json", import.meta.url), "utf-8")) as Vectors
const unhex = (text: string) => new Uint8Array(Buffer.from(text, "hex"))
const attested = ({ bytes, signature }: Bound) => ({ data: unhex(bytes), signature: unhex(signature) })
const attestor = ({ attestor_public = vectors.attestor_public }: Bound) => unhex(attestor_public)

/** A value with the names Python gives its fields, and bytes as hexadecimal. */
function asPython(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString("hex")
  if (Array.isArray(value)) return value.map(asPython)
  if (typeof value !== "object" || value === null) return value
  const name = (key: string) => (key === "public" ? key : key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`))
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [name(key), asPython(item)]))
}

test("a gateway's certificate and its end are read as Python wrote them", async () => {
  const [good] = vectors.certificates
  const certificate = await openCertificate(attested(good), attestor(good))
  expect(asPython(certificate)).toEqual(good.fields)
  const [revoked] = vectors.revocations
  const revocation = await openRevocation(attested(revoked), attestor(revoked))
  expect(asPython(revocation)).toEqual(revoked.fields)

  const { notBeforeMs, notAfterMs } = certificate
  expect(isTrustedAt(certificate, null, notBeforeMs)).toBe(true)
  expect(isTrustedAt(certificate, null, notAfterMs)).toBe(true)
  expect(isTrustedAt(certificate, null, notBeforeMs - 1)).toBe(false)
  expect(isTrustedAt(certificate, null, notAfterMs + 1)).toBe(false)
  expect(isTrustedAt(certificate, revocation, revocation.revokedAtMs - 1)).toBe(true)
  expect(isTrustedAt(certificate, revocation, revocation.revokedAtMs)).toBe(false)
})

test.each(vectors.certificate_refused)("a certificate is refused: $why", async (vector) => {
  await expect(openCertificate(attested(vector), attestor(vector))).rejects.toMatchObject({
    code: expect.stringMatching(/^(bad_gateway|bad_seal|malformed)$/) as string,
  })
})

test.each(vectors.documents)("opens what a gateway sealed: $content.action", async (vector) => {
  const secret = await openAccountSecret(unhex(vector.secret))
  const content = await openDocument(unhex(vector.header), unhex(vector.sealed), secret.sealing, unhex(vector.gateway_public))
  // An identity without a status is not relied on.
  const { patient } = content
  const said = vector.content as { patient: { status: string } }
  if (said.patient.status === "") expect(patient.status).toBe("unqualified")
  expect(asPython({ ...content, patient: { ...patient, status: said.patient.status } })).toEqual(vector.content)
})

test.each(vectors.document_refused)("a document is refused: $why", async (vector) => {
  const secret = await openAccountSecret(unhex(vector.secret))
  const opening = openDocument(unhex(vector.header), unhex(vector.sealed), secret.sealing, unhex(vector.gateway_public))
  await expect(opening).rejects.toMatchObject({ code: vector.code })
})

test("a note of a trace opens for its author only, where it was written", async () => {
  const [vector] = vectors.traces
  const { sealing } = await openAccountSecret(unhex(vector.secret))
  const traced = {
    account: vector.account as AccountId,
    generation: vector.generation,
    document: vector.document as DocumentId,
    kind: vector.kind,
  }
  const note = await openNote(unhex(vector.sealed), sealing, traced)
  expect(note).toEqual(vector.note)
  const again = await sealNote(note, sealing.public, traced)
  expect(await openNote(again, sealing, traced)).toEqual(note)
  await expect(openNote(again, sealing, { ...traced, kind: "opened" })).rejects.toMatchObject({ code: "bad_seal" })
  await expect(sealNote({ ...note, title: "x".repeat(201) }, sealing.public, traced)).rejects.toMatchObject({ code: "bad_trace" })
})

test("the controller's key is the one that the attestor signed, and a note sealed to it opens for who did it only", async () => {
  const [good] = vectors.audit_keys
  const key = await openAuditKey(attested(good), attestor(good))
  expect(asPython(key)).toEqual({ key: good.key, public: good.public })
  const [{ seed, account, device, document, kind, note }] = vectors.audit_notes
  const traced = { account: account as AccountId, generation: 1, document: document as DocumentId, kind }
  const sealed = await sealAuditNote(note, key, traced, device as DeviceId)
  const controller = await sealingKeyFromSeed(unhex(seed))
  const opened = (about: readonly string[]) => controller.open(sealed, "lien/v1/trace-audit", encode(...about))
  await expect(opened([account, device, document, kind])).resolves.toBeInstanceOf(Uint8Array)
  await expect(opened([account, device, document, "opened"])).rejects.toMatchObject({ code: "bad_seal" })
})

test.each(vectors.audit_key_refused)("a controller's key is refused: $why", async (vector) => {
  await expect(openAuditKey(attested(vector), attestor(vector))).rejects.toMatchObject({
    code: expect.stringMatching(/^(bad_trace|bad_seal|malformed)$/) as string,
  })
})
