/** Comparing with someone in person, and the mark that it was done: of one chain, lost with it. */
import type { AccountId, Safety } from "../../bridge/models.js"
import { sameBytes } from "../bytes.js"
import { compareQr, safetyCode, safetyQr, sideOf, type Side } from "../crypto/safety.js"
import { Refusal } from "../failure.js"
import type { Contacts } from "./contacts.js"
import type { Keyring } from "./keyring.js"
import type { Verified } from "./self.js"

export class Comparison {
  private constructor(
    private readonly keyring: Keyring,
    private readonly contacts: Contacts,
    private readonly mine: Side,
    private readonly theirs: Side,
  ) {}

  /** With someone whose chain this device has verified. Refuses with `identity_refused` when the server shows another one. */
  static async with(account: AccountId, keyring: Keyring, contacts: Contacts): Promise<Comparison> {
    const sides = await Promise.all(
      [keyring.account, account].map(async (one) => {
        await contacts.access(one)
        const first = contacts.find(one)?.links[0]
        if (first === undefined) throw new Refusal("unexpected")
        return sideOf(one, first.data)
      }),
    )
    const [mine, theirs] = sides as [Side, Side]
    return new Comparison(keyring, contacts, mine, theirs)
  }

  /** What to show; `isLost` when the person was verified and began again since. */
  describe(): Safety {
    const mark = this.mark()
    return {
      groups: safetyCode(this.mine, this.theirs),
      qr: safetyQr(this.mine, this.theirs),
      verifiedAtMs: mark?.atMs ?? null,
      isLost: mark === null && this.verified.some(({ account }) => this.contacts.isSamePerson(account, this.theirs.account)),
    }
  }

  /** Refuses with `safety_other` for the code of someone else, `safety_differs` when the phones do not see the same. */
  async scan(text: string, nowMs: number): Promise<void> {
    const outcome = this.compare(text)
    if (outcome !== "same") throw new Refusal(outcome === "different" ? "safety_differs" : "safety_other")
    await this.confirm(nowMs)
  }

  async confirm(nowMs: number): Promise<void> {
    const { account, fingerprint } = this.theirs
    const others = this.verified.filter((mark) => mark.account !== account)
    await this.keyring.change((self) => ({ ...self, verified: [...others, { account, fingerprint, atMs: nowMs }] }))
  }

  private compare(text: string): ReturnType<typeof compareQr> {
    try {
      return compareQr(text, this.mine, this.theirs)
    } catch {
      return "someone-else"
    }
  }

  private get verified(): readonly Verified[] {
    return this.keyring.self.verified ?? []
  }

  private mark(): Verified | null {
    const { account, fingerprint } = this.theirs
    return this.verified.find((mark) => mark.account === account && sameBytes(mark.fingerprint, fingerprint)) ?? null
  }
}
