/** Who may send documents: a gateway's key, certified by the deployment's attestor, and its end. See docs/keys.md. */
import type { Bytes } from "../bytes.js"
import { BadGateway, reading } from "./errors.js"
import { PUBLIC_BYTES, requirePublic, verify } from "./signing.js"
import { Fields } from "./structure.js"

const CERTIFICATE_LABEL = "lien/v1/gateway"
const REVOCATION_LABEL = "lien/v1/gateway-revocation"
const MAX_CERTIFICATE_BYTES = 1_024
const MAX_NAME_CHARACTERS = 128
const MAX_STRUCTURE_CHARACTERS = 32

/** Bytes and the attestor's signature over exactly them. */
export type Attested = { readonly data: Uint8Array; readonly signature: Uint8Array }

/** What the attestor says of a gateway. Instants in milliseconds, both ends included. */
export type Certificate = {
  readonly gateway: string
  readonly public: Bytes
  readonly name: string
  /** National number of its structure, empty for none. */
  readonly structure: string
  readonly notBeforeMs: number
  readonly notAfterMs: number
}

/** From `revokedAtMs` on, nothing of this gateway is taken. */
export type Revocation = { readonly gateway: string; readonly revokedAtMs: number }

/** A certificate that the attestor signed; whether it is valid now is another question. Throws BadGateway, BadSeal. */
export async function openCertificate({ data, signature }: Attested, attestor: Uint8Array): Promise<Certificate> {
  await verify(attestor, CERTIFICATE_LABEL, data, signature)
  const certificate = reading(BadGateway, () => {
    const fields = Fields.decode(data, 7, MAX_CERTIFICATE_BYTES)
    return {
      gateway: fields.identifier(),
      public: requirePublic(fields.blob(PUBLIC_BYTES)),
      name: fields.text(MAX_NAME_CHARACTERS),
      structure: fields.text(MAX_STRUCTURE_CHARACTERS),
      notBeforeMs: fields.integer(),
      notAfterMs: fields.integer(),
    }
  })
  if (certificate.name === "" || certificate.notAfterMs < certificate.notBeforeMs) throw new BadGateway()
  return certificate
}

/** A revocation that the attestor signed. Throws BadGateway, BadSeal. */
export async function openRevocation({ data, signature }: Attested, attestor: Uint8Array): Promise<Revocation> {
  await verify(attestor, REVOCATION_LABEL, data, signature)
  return reading(BadGateway, () => {
    const fields = Fields.decode(data, 3, MAX_CERTIFICATE_BYTES)
    return { gateway: fields.identifier(), revokedAtMs: fields.integer(1) }
  })
}

/** Whether what it signed at this instant counts. */
export function isTrustedAt(certificate: Certificate, revocation: Revocation | null, atMs: number): boolean {
  if (atMs < certificate.notBeforeMs || atMs > certificate.notAfterMs) return false
  return revocation === null || atMs < revocation.revokedAtMs
}
