/** A hospital's gateway for tests: it seals and signs as lien.gateway does. */
import type { PatientIdentity } from "../../bridge/documents.js"
import type { AccountId, BlobId, DeviceId, EnvelopeId } from "../../bridge/models.js"
import { randomBytes, toBase64, utf8, type Bytes } from "../bytes.js"
import { newBlobKey, sealBlob } from "../crypto/blob.js"
import { DOCUMENT_LABEL, type Action, type Attachment, type BlobKey, type DocumentContent } from "../crypto/document.js"
import { encodeHeader, signedBytes } from "../crypto/envelope.js"
import type { Attested } from "../crypto/gateway.js"
import { join } from "../crypto/msgpack.js"
import { seal } from "../crypto/sealing.js"
import { signingKeyFromSeed, type SigningKey } from "../crypto/signing.js"
import { encode } from "../crypto/structure.js"
import { hash32, pad } from "../crypto/suite.js"
import { inboxOf } from "../ids.js"

export const anId = (): string => toBase64(randomBytes(16))

export class TestGateway {
  readonly id = anId()
  readonly key = signingKeyFromSeed(randomBytes(32))
  /** Sealed contents by the id of their blob. */
  readonly blobs = new Map<string, Bytes>()

  /** What the attestor says of it. */
  async certificate(attestor: SigningKey, fromMs: number, toMs: number): Promise<Attested> {
    const data = encode(this.id, this.key.public, "CHU FICTIF, comptes rendus", "970000001", fromMs, toMs)
    return { data, signature: await attestor.sign("lien/v1/gateway", data) }
  }

  async revocation(attestor: SigningKey, atMs: number): Promise<Attested> {
    const data = encode(this.id, atMs)
    return { data, signature: await attestor.sign("lien/v1/gateway-revocation", data) }
  }

  async blob(content: Bytes): Promise<BlobKey> {
    const [blob, key] = [anId(), newBlobKey()]
    const boxes: Bytes[] = []
    for await (const box of sealBlob(key, blob as BlobId, content)) boxes.push(box)
    this.blobs.set(blob, join(boxes))
    return { blob, key, size: content.length, hash: await hash32(content) }
  }

  /** An entry for one recipient, as the server would append it. */
  async seal(
    content: DocumentContent,
    to: { readonly account: AccountId; readonly generation: number; readonly sealingPublic: Uint8Array },
    key: SigningKey = this.key,
  ): Promise<{ readonly header: Bytes; readonly sealed: Bytes }> {
    const delivery = await hash32(utf8(`${content.document}|${content.version}|${content.action}|${to.account}`))
    const header = encodeHeader({
      channel: inboxOf(to.account),
      epoch: to.generation,
      account: to.account,
      device: this.id as DeviceId,
      envelope: toBase64(delivery.subarray(0, 16)) as EnvelopeId,
      kind: "document",
    })
    const data = encodeContent(content)
    const signature = await key.sign(DOCUMENT_LABEL, signedBytes(header, data))
    return { header, sealed: await seal(to.sealingPublic, pad(join([signature, data])), DOCUMENT_LABEL, header) }
  }
}

function encodeContent(content: DocumentContent): Bytes {
  const { filing, structure, body, sealedAtMs } = content
  const blobOf = ({ blob, key, size, hash }: BlobKey) => [blob, key, size, hash]
  return encode(
    content.action satisfies Action,
    content.document,
    content.set ?? "",
    content.version,
    content.replaces,
    [filing.family, filing.typeCode, filing.typeSystem, filing.title, filing.date, filing.confidentiality],
    patientFields(content.patient),
    content.authors.map(({ rpps, familyName, givenName, speciality }) => [rpps, familyName, givenName, speciality]),
    [structure.identifier, structure.name],
    content.readers.map(({ rpps, name, profession }) => [rpps, name, profession]),
    body === null ? null : [body.form, body.mediaType, blobOf(body.blob)],
    content.attachments.map(({ name, mediaType, blob }: Attachment) => [name, mediaType, blobOf(blob)]),
    sealedAtMs,
  )
}

function patientFields(patient: PatientIdentity) {
  const { oid, matricule, status, birthName, birthGivenNames, firstGivenName, usedName, usedGivenName } = patient
  const { sex, birthDate, birthPlace, localIds } = patient
  const names = [birthName, birthGivenNames, firstGivenName, usedName, usedGivenName]
  return [oid, matricule, status, ...names, sex, birthDate, birthPlace, localIds.map(({ root, value }) => [root, value])]
}
