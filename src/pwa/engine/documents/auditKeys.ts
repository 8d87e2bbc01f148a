/** The controller's audit key, asked for when something is traced: what is traced is sealed to it as well. */
import { openBy, type Attestors } from "../crypto/attestor.js"
import { BadSeal } from "../crypto/errors.js"
import { openAuditKey, type AuditKey } from "../crypto/trace.js"
import { Refusal } from "../failure.js"
import type { Http } from "../http.js"
import { asObject, bytesIn, optional } from "../json.js"

export class AuditKeys {
  private known: { readonly key: AuditKey | null } | null = null

  constructor(
    private readonly http: Http,
    private readonly attestors: () => Attestors,
  ) {}

  /** Null where the deployment has none. */
  async get(): Promise<AuditKey | null> {
    return (this.known ?? (await this.fetch())).key
  }

  /** Another key may be in its place. */
  forget(): void {
    this.known = null
  }

  private async fetch(): Promise<{ readonly key: AuditKey | null }> {
    const json = await this.http.signed("GET", "/api/documents/audit-key")
    const said = optional(json, "audit_key", (from, name) => asObject(from[name]))
    const attested = said === null ? null : { data: bytesIn(said, "key"), signature: bytesIn(said, "signature") }
    try {
      this.known = { key: attested === null ? null : await openBy(this.attestors(), (attestor) => openAuditKey(attested, attestor)) }
    } catch (error) {
      // Signed by a key that this phone does not follow yet: nothing is sealed to it, and nothing is lost.
      throw error instanceof BadSeal ? new Refusal("offline") : error
    }
    return this.known
  }
}
