/** From an entry of the inbox to a delivery: who signed it, whether it opens, whether it may be believed. */
import type { Keyring } from "../accounts/keyring.js"
import { openDocument, requireDelivery, type DocumentContent } from "../crypto/document.js"
import type { Header } from "../crypto/envelope.js"
import { codeOf, isPassing, Refusal } from "../failure.js"
import { deliveryName, type Delivery, type RefusalReason } from "./delivery.js"
import { isGood, type Gateways, type Known } from "./gateways.js"
import { isFictitious } from "./identity.js"

export type Arrived = { readonly header: Uint8Array; readonly sealed: Uint8Array; readonly atMs: number }

export type OpeningPorts = {
  readonly gateways: Gateways
  readonly keyring: Keyring
  /** Whether this deployment is a demonstration, where nobody is real. */
  readonly isDemo: () => boolean
}

/** Throws only what passes (offline, overloaded): then the entry is read again later. */
export async function openDelivery(header: Header, arrived: Arrived, ports: OpeningPorts): Promise<Delivery | null> {
  const { device: gateway, envelope, epoch: generation, account } = header
  if (gateway === null || account !== ports.keyring.account) return null
  const standing = { name: deliveryName(gateway, envelope), envelope, gateway, atMs: arrived.atMs }
  const refuse = (reason: RefusalReason): Delivery => ({ ...standing, kind: "refused", reason })
  const known = await ports.gateways.find(gateway)
  if (known === null) return refuse("unknown-sender")
  const secret = await ports.keyring.secret(generation)
  if (secret === null) return { ...standing, kind: "waiting", header: arrived.header, sealed: arrived.sealed }
  const content = await contentOf(arrived, secret.sealing, known)
  if (typeof content === "string") return refuse(content)
  if (!isGood(known, content.sealedAtMs, arrived.atMs)) return refuse("expired-sender")
  if (isFictitious(content.patient) && !ports.isDemo()) return refuse("fictitious")
  const { name, structure } = known.certificate
  return { ...standing, kind: "delivered", sender: { gateway, name, structure }, content, openedAtMs: null }
}

async function contentOf(
  { header, sealed }: Arrived,
  secret: Parameters<typeof openDocument>[2],
  { certificate }: Known,
): Promise<DocumentContent | RefusalReason> {
  try {
    requireDelivery(header)
    return await openDocument(header, sealed, secret, certificate.public)
  } catch (error) {
    if (!(error instanceof Refusal) || isPassing(codeOf(error))) throw error
    return error.code === "bad_seal" ? "not-signed" : "unreadable"
  }
}
