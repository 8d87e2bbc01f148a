/** Who sends documents: certificates that the attestor signed, fetched once, kept, and asked about again. */
import type { ServerClock } from "../clock.js"
import { openBy, type Attestors } from "../crypto/attestor.js"
import { isTrustedAt, openCertificate, openRevocation, type Attested, type Certificate, type Revocation } from "../crypto/gateway.js"
import { codeOf, isPassing } from "../failure.js"
import type { Http } from "../http.js"
import { asObject, bytesIn, optional, type Json } from "../json.js"
import type { Store } from "../store/store.js"
import { Turns } from "../turns.js"

type Kept = { readonly gateway: string; readonly certificate: Attested; readonly revocation: Attested | null }
export type Known = { readonly certificate: Certificate; readonly revocation: Revocation | null }

/** How long a gateway that was good is not asked about: as long as a revocation may take to be known here. */
const FRESH_MS = 10 * 60_000

export class Gateways {
  private readonly known = new Map<string, Known & { readonly atMs: number }>()
  private readonly turns = new Turns()

  constructor(
    private readonly http: Http,
    private readonly store: Store,
    private readonly clock: ServerClock,
    private readonly attestors: () => Attestors,
  ) {}

  /** What the attestor says of a gateway; null when it certified none of this name. Throws only what passes. */
  find(gateway: string): Promise<Known | null> {
    return this.turns.run(gateway, async () => {
      const known = this.known.get(gateway)
      if (known !== undefined && this.clock.now() - known.atMs < FRESH_MS) return known
      try {
        return await this.fetch(gateway)
      } catch (error) {
        const code = codeOf(error)
        if (isPassing(code)) return this.remembered(gateway, error)
        // Not there, or not signed by the attestor: nobody vouches for it.
        return null
      }
    })
  }

  private async fetch(gateway: string): Promise<Known | null> {
    const json = await this.http.signed("GET", `/api/gateways/${gateway}`)
    const kept: Kept = { gateway, certificate: attestedIn(json, "certificate"), revocation: optional(json, "revocation", revocationIn) }
    const known = await this.verify(kept)
    if (known === null) return null
    await this.store.write([await this.store.put("gateways", gateway, kept)])
    this.known.set(gateway, { ...known, atMs: this.clock.now() })
    return known
  }

  /** While the server cannot be asked, what it last said. */
  private async remembered(gateway: string, error: unknown): Promise<Known> {
    const kept = await this.store.get<Kept>("gateways", gateway)
    const known = kept === null ? null : await this.verify(kept)
    if (known === null) throw error
    return known
  }

  private async verify({ gateway, certificate, revocation }: Kept): Promise<Known | null> {
    const opened = await openBy(this.attestors(), (key) => openCertificate(certificate, key))
    const ended = revocation === null ? null : await openBy(this.attestors(), (key) => openRevocation(revocation, key))
    if (opened.gateway !== gateway || (ended !== null && ended.gateway !== gateway)) return null
    return { certificate: opened, revocation: ended }
  }
}

/** Whether a document counts: both when it was sealed and when it came. */
export function isGood({ certificate, revocation }: Known, sealedAtMs: number, atMs: number): boolean {
  return isTrustedAt(certificate, revocation, sealedAtMs) && isTrustedAt(certificate, revocation, atMs)
}

const attestedIn = (json: Json, name: string): Attested => ({ data: bytesIn(json, name), signature: bytesIn(json, "signature") })
const revocationIn = (json: Json, name: string): Attested => attestedIn(asObject(json[name]), "revocation")
