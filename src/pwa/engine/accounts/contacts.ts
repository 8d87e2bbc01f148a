/**
 * The chains of everyone this device talks to: fetched, verified, remembered.
 *
 * The last verified link of each is kept. An answer that does not contain it (a shorter chain, or a fork) is refused,
 * and so is every link that the rules of docs/keys.md do not allow.
 */
import type { AccountId, DeviceId, Person } from "../../bridge/models.js"
import { professionalIn } from "../directory/professionals.js"
import { sameBytes } from "../bytes.js"
import { findDevicePublic, replay, type Attestors, type ChainState, type Link, type Sponsored } from "../crypto/chain.js"
import { verifySponsorship } from "../crypto/sponsorship.js"
import { codeOf, isPassing, Refusal } from "../failure.js"
import type { Http } from "../http.js"
import { optional } from "../json.js"
import type { Store } from "../store/store.js"
import { Turns } from "../turns.js"
import { guestOf, identityOf, personOf, type Contact, type Identity } from "./contact.js"
import { linksIn } from "./links.js"

const PAGE = 256

/** What changed when a chain was read again. */
export type Learnt = {
  readonly contact: Contact
  readonly state: ChainState
  readonly newDevices: readonly DeviceId[]
  /** Something that is shown is not as it was. */
  readonly isChanged: boolean
}

export class Contacts {
  private readonly turns = new Turns()
  private readonly contacts = new Map<AccountId, Contact>()
  private readonly states = new Map<AccountId, ChainState>()
  /** Told when a contact is refused, is no longer, or has a device that was not there before. */
  onLearnt: (learnt: Learnt) => void = () => undefined
  onRefused: (account: AccountId) => void = () => undefined

  constructor(
    private readonly http: Http,
    private readonly store: Store,
    private readonly attestors: () => Attestors,
  ) {}

  async load(): Promise<void> {
    for (const contact of await this.store.all<Contact>("accounts")) this.contacts.set(contact.account, contact)
  }

  find(account: AccountId): Contact | null {
    return this.contacts.get(account) ?? null
  }

  /** What may be shown of a contact. Two accounts whose chains the attestor signed for one number are one person. */
  describe(contact: Contact): Person {
    const { account, identity } = contact
    const isSame = (other: Contact): boolean =>
      other.account !== account &&
      other.identity?.rpps !== "" &&
      other.identity?.rpps === identity?.rpps &&
      (other.identity?.verification?.verifiedAtMs ?? 0) < (identity?.verification?.verifiedAtMs ?? 0)
    const hasRestarted = identity !== null && [...this.contacts.values()].some(isSame)
    return hasRestarted ? { ...personOf(contact), hasRestarted } : personOf(contact)
  }

  /** Whether the attestor signed two chains for one number: the second began again. */
  isSamePerson(one: AccountId, other: AccountId): boolean {
    const numbers = [one, other].map((account) => this.contacts.get(account)?.identity?.rpps)
    return one !== other && numbers[0] !== undefined && numbers[0] === numbers[1]
  }

  /** The verified chain, from this device if it is here, otherwise from the server. */
  async access(account: AccountId): Promise<ChainState> {
    const contact = this.contacts.get(account)
    if (contact === undefined) return this.refresh(account)
    if (contact.isRefused) throw new Refusal("identity_refused")
    return this.stateOf(contact)
  }

  /** The chain as the server shows it now. Refuses with `identity_refused` when it contradicts what is known. */
  refresh(account: AccountId): Promise<ChainState> {
    return this.turns.run(account, async () => {
      const known = this.contacts.get(account) ?? null
      const before = known === null ? null : await this.stateOf(known)
      const { links, professional } = await this.fetch(account, before === null ? -1 : before.length - 2)
      let state: ChainState
      try {
        state = await this.follow(account, known, before, links)
      } catch (error) {
        if (known !== null) await this.keep({ ...known, isRefused: true })
        this.onRefused(account)
        throw error instanceof Refusal ? new Refusal("identity_refused") : error
      }
      const all = known === null ? links : [...known.links, ...links.slice(1)]
      const contact: Contact = { account, links: all, professional, identity: await this.identify(state), isRefused: false }
      this.states.set(account, state)
      const isSame = known !== null && all.length === known.links.length && !known.isRefused
      const isChanged = !isSame || JSON.stringify(known.professional) !== JSON.stringify(professional)
      if (isChanged) await this.keep(contact)
      const newDevices = before === null ? [] : [...state.devices.keys()].filter((device) => !before.devices.has(device))
      this.onLearnt({ contact, state, newDevices, isChanged })
      return state
    })
  }

  /** Some chains at once, as they are now; a few requests at a time. */
  async refreshAll(accounts: readonly AccountId[], onEach: () => void = () => undefined): Promise<ReadonlyMap<AccountId, ChainState>> {
    const states = new Map<AccountId, ChainState>()
    const left = [...accounts]
    const worker = async (): Promise<void> => {
      for (let account = left.pop(); account !== undefined; account = left.pop()) {
        states.set(account, await this.refresh(account))
        onEach()
      }
    }
    await Promise.all(Array.from({ length: 6 }, worker))
    return states
  }

  /** The public key of a device that is or was in a chain; the server is asked again before it is called unknown. */
  async devicePublic(account: AccountId, device: DeviceId): Promise<Uint8Array | null> {
    const state = await this.access(account)
    return findDevicePublic(state, device) ?? findDevicePublic(await this.refresh(account), device)
  }

  private async follow(
    account: AccountId,
    known: Contact | null,
    before: ChainState | null,
    links: readonly Link[],
  ): Promise<ChainState> {
    if (known === null || before === null) return replay(links, this.attestors(), { account: account })
    const last = known.links.at(-1)
    const [same, ...newer] = links
    if (last === undefined || same === undefined || !sameBytes(last.data, same.data)) {
      throw new Refusal("identity_refused")
    }
    return newer.length === 0 ? before : replay(newer, this.attestors(), { start: before, account: account })
  }

  /** What the attestor says, and for a guest what their sponsor signed. */
  private async identify(state: ChainState): Promise<Identity | null> {
    if (state.sponsored === null) return identityOf(state, this.attestors())
    return guestOf(state, state.sponsored, this.attestors(), await this.findSponsor(state.sponsored))
  }

  /** The name of who vouched, "" for the deployment; null when their own device did not sign it. */
  private async findSponsor({ content, sponsorship }: Sponsored): Promise<string | null> {
    const { sponsor, device } = content
    if (sponsor === null || device === null) return ""
    try {
      const known = this.contacts.get(sponsor)
      const links = known?.links ?? (await this.fetch(sponsor, -1)).links
      const { identity, ...state } = await replay(links, this.attestors(), { account: sponsor })
      const key = findDevicePublic({ identity, ...state }, device)
      if (identity === null || key === null) return null
      await verifySponsorship(sponsorship, key)
      return `${identity.givenName} ${identity.familyName}`
    } catch (error) {
      if (isPassing(codeOf(error))) throw error
      return null
    }
  }

  private async fetch(account: AccountId, after: number): Promise<Pick<Contact, "links" | "professional">> {
    const links: Link[] = []
    for (;;) {
      const json = await this.http.signed("GET", `/api/accounts/${account}/chain?after=${after + links.length}`)
      const page = linksIn(json, "links")
      links.push(...page)
      if (page.length < PAGE) return { links, professional: optional(json, "professional", professionalIn) }
    }
  }

  private async stateOf(contact: Contact): Promise<ChainState> {
    const state =
      this.states.get(contact.account) ??
      (await replay(contact.links, this.attestors(), { account: contact.account }))
    this.states.set(contact.account, state)
    return state
  }

  private async keep(contact: Contact): Promise<void> {
    await this.store.write([await this.store.put("accounts", contact.account, contact)])
    this.contacts.set(contact.account, contact)
  }
}
