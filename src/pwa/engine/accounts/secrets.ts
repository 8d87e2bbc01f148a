/** The account's secrets over time: rotated when a device is revoked, fetched by devices that were not there. */
import type { AccountId, DeviceId } from "../../bridge/models.js"
import { sameBytes, toBase64 } from "../bytes.js"
import type { ServerClock } from "../clock.js"
import { generateAccountSecret, openAccountSecret, openEarlier, sealEarlier, type AccountSecret } from "../crypto/account.js"
import { apply, byAccount, byDevice, makeLink, type Body, type ChainState, type Link } from "../crypto/chain.js"
import { codeOf, isPassing, Refusal } from "../failure.js"
import type { Http } from "../http.js"
import { asObject, bytesIn, listIn, numberIn } from "../json.js"
import { Turns } from "../turns.js"
import type { Contacts } from "./contacts.js"
import type { DeviceBoxes } from "./deviceBoxes.js"
import type { Keyring } from "./keyring.js"
import { linkToJson } from "./links.js"
import { RECOVERY } from "./recovery.js"
import { newestSecret, withSecrets, withWrapKey, type Secret, type WrapKey } from "./self.js"
import { entryToJson, unwrapEntry, vaultEntriesIn, wrapFor, type VaultEntry } from "./vault.js"

const MOST_TRIES = 3

function opens(key: Uint8Array, account: AccountId, entry: VaultEntry): boolean {
  try {
    unwrapEntry(key, account, entry)
    return true
  } catch {
    return false
  }
}

export class Secrets {
  private readonly turns = new Turns()

  constructor(
    private readonly http: Http,
    private readonly keyring: Keyring,
    private readonly contacts: Contacts,
    private readonly clock: ServerClock,
    private readonly boxes: DeviceBoxes,
  ) {}

  /**
   * Bring this device up to its own chain: newer secrets from the vault, earlier ones from beside the chain.
   * Refuses with `device_revoked` when the chain says so.
   */
  catchUp(): Promise<void> {
    return this.turns.run("chain", () => this.readChain())
  }

  private async readChain(): Promise<void> {
    const { account, device } = this.keyring.self
    const state = await this.contacts.refresh(account)
    if (!state.devices.has(device)) throw new Refusal("device_revoked")
    await this.adoptRotation(state)
    if ((await this.keyring.secret(state.generation)) === null) await this.readVault(state.generation)
    if ((await this.keyring.secret(state.generation)) === null) await this.readBox(state)
    await this.readEarlier()
    if (state.generation <= state.left && state.standing.standing === "open") await this.renew()
    await this.fillVault()
    await this.boxes.share(await this.contacts.access(account))
  }

  /** Remember what wraps, and bring the vault's entry up to the newest secret; without a session, at the next one. */
  async addWrapKey(wrapper: string, key: WrapKey["key"]): Promise<void> {
    const known = this.keyring.self.wrapKeys.find((wrapKey) => wrapKey.wrapper === wrapper)
    if (known === undefined || !sameBytes(known.key, key)) {
      await this.keyring.change((self) => withWrapKey(self, { wrapper, key, generation: 0 }))
    }
    await this.fillVault().catch((error: unknown) => {
      if (!isPassing(codeOf(error))) throw error
    })
  }

  async removeWrapKey(wrapper: string): Promise<void> {
    await this.keyring.change((self) => ({ ...self, wrapKeys: self.wrapKeys.filter((key) => key.wrapper !== wrapper) }))
  }

  /** Replace the secret, as when one of the ways to it was removed. */
  async replace(): Promise<void> {
    await this.untilItFollows(async (state) => this.rotate(state, await this.keyring.obtain(state.generation), null))
  }

  /** Revoke a device of this account and replace the secret that it knew, in one step. */
  async revoke(device: DeviceId): Promise<void> {
    await this.untilItFollows(async (state) => {
      if (state.devices.has(device)) await this.rotate(state, await this.keyring.obtain(state.generation), device)
    })
  }

  /** The account was open again: nobody seals to the secret it left with. */
  private async renew(): Promise<void> {
    await this.untilItFollows(async (state) => {
      if (state.generation <= state.left) await this.rotate(state, await this.keyring.secret(state.generation), null)
    })
  }

  private async untilItFollows(append: (state: ChainState) => Promise<void>): Promise<void> {
    for (let tries = 1; ; tries++) {
      try {
        await append(await this.contacts.refresh(this.keyring.account)); return;
      } catch (error) {
        if (!(error instanceof Refusal) || error.code !== "chain_moved" || tries === MOST_TRIES) throw error
      }
    }
  }

  /** `current` is the secret of the chain as it was `before`. */
  private async rotate(before: ChainState, current: AccountSecret | null, revoked: DeviceId | null): Promise<void> {
    // Nobody could ever open the account again.
    if (revoked !== null && before.devices.size === 1) throw new Refusal("refused")
    if (current === null) throw new Refusal("no_vault")
    const next = await generateAccountSecret()
    const generation = before.generation + 1
    const secret: Secret = { generation, secret: next.bytes }
    const links = await this.rotationLinks(before, revoked, current, next)
    await this.dropReplaced()
    // Stored before it is sent: the server may take it and the answer be lost.
    await this.keyring.change((self) => ({ ...self, rotating: secret }))
    const { account, wrapKeys } = this.keyring.self
    const earlier = sealEarlier(next, current, account, before.generation)
    const entries = wrapKeys.map((wrapKey) => wrapFor(wrapKey, account, secret))
    await this.http.signed("POST", "/api/chain", {
      links: links.map(linkToJson),
      earlier: [{ generation: before.generation, wrapped: toBase64(earlier) }],
      vault: entries.map(entryToJson),
    })
    await this.adoptRotation(await this.contacts.refresh(account))
    await this.keyring.change((self) => ({ ...self, wrapKeys: self.wrapKeys.map((key) => ({ ...key, generation })) }))
  }

  private async rotationLinks(
    before: ChainState,
    revoked: DeviceId | null,
    current: AccountSecret,
    next: AccountSecret,
  ): Promise<readonly Link[]> {
    const { device, attestors } = this.keyring.self
    // A device that revokes itself can sign nothing after that: the account signs.
    const signer = revoked === device ? byAccount(current.signing) : byDevice(device, this.keyring.deviceKey)
    const rotation: Body = {
      kind: "rotate_secret",
      generation: before.generation + 1,
      signingPublic: next.signing.public,
      sealingPublic: next.sealing.public,
    }
    if (revoked === null) return [await makeLink(before, rotation, signer, this.clock.now())]
    const first = await makeLink(before, { kind: "revoke_device", device: revoked }, signer, this.clock.now())
    const second = await makeLink(await apply(before, first, attestors), rotation, signer, this.clock.now())
    return [first, second]
  }

  /** A rotation begun here counts once the chain says so; if another came first, it never does. */
  private async adoptRotation(state: ChainState): Promise<void> {
    const { rotating } = this.keyring.self
    if (rotating === null || rotating.generation > state.generation) return
    const { signing } = await openAccountSecret(rotating.secret)
    const expected = state.signingPublics.get(rotating.generation)
    const isTaken = expected !== undefined && sameBytes(expected, signing.public)
    await this.keyring.change((self) => ({ ...(isTaken ? withSecrets(self, [rotating]) : self), rotating: null }))
  }

  /** The newest secret, wrapped by whoever rotated it for a passkey that this device has used. */
  private async readVault(generation: number): Promise<void> {
    const { account, wrapKeys } = this.keyring.self
    if (wrapKeys.length === 0) return
    const entries = vaultEntriesIn(await this.http.signed("GET", "/api/vault"), "vault")
    for (const entry of entries.filter((candidate) => candidate.generation === generation)) {
      const wrapKey = wrapKeys.find(({ wrapper }) => wrapper === entry.wrapper)
      if (wrapKey === undefined) continue
      const secret = unwrapEntry(wrapKey.key, account, entry)
      return this.keyring.change((self) => withWrapKey(withSecrets(self, [secret]), { ...wrapKey, generation }))
    }
  }

  /** Wrap keys of passkeys that another device removed, and of a recovery code that it replaced, wrap nothing more. */
  private async dropReplaced(): Promise<void> {
    const { account, wrapKeys } = this.keyring.self
    if (wrapKeys.every(({ generation }) => generation === 0)) return
    const entries = vaultEntriesIn(await this.http.signed("GET", "/api/vault"), "vault")
    const isLiving = ({ wrapper, key, generation }: WrapKey): boolean => {
      const entry = entries.find((candidate) => candidate.wrapper === wrapper)
      return generation === 0 || (entry !== undefined && (wrapper !== RECOVERY || opens(key, account, entry)))
    }
    const living = wrapKeys.filter(isLiving)
    if (living.length < wrapKeys.length) await this.keyring.change((self) => ({ ...self, wrapKeys: living }))
  }

  /** Secrets from before this device came, from the newest back. */
  private async readEarlier(): Promise<void> {
    let newer = await this.keyring.newest()
    if (newer === null || this.keyring.self.secrets.length >= newer.generation) return
    const boxes = new Map<number, Uint8Array>()
    for (const item of listIn(await this.http.signed("GET", "/api/chain/earlier"), "earlier").map(asObject)) {
      boxes.set(numberIn(item, "generation"), bytesIn(item, "wrapped"))
    }
    const learnt: Secret[] = []
    for (let generation = newer.generation - 1; generation > 0; generation--) {
      const box = boxes.get(generation)
      const secret: AccountSecret | null =
        (await this.keyring.secret(generation)) ??
        (box === undefined ? null : await openEarlier(newer.secret, box, this.keyring.account, generation))
      if (secret === null) break
      learnt.push({ generation, secret: secret.bytes })
      newer = { generation, secret }
    }
    await this.keyring.change((self) => withSecrets(self, learnt))
  }

  private async readBox(state: ChainState): Promise<void> {
    const secret = await this.boxes.read(state)
    if (secret !== null) await this.keyring.change((self) => withSecrets(self, [secret]))
  }

  /** Entries of the vault that this device can wrap and that hold an older secret. */
  private async fillVault(): Promise<void> {
    const { self } = this.keyring
    const newest = newestSecret(self)
    if (newest === null || self.wrapKeys.every(({ generation }) => generation >= newest.generation)) return
    await this.dropReplaced()
    for (const wrapKey of this.keyring.self.wrapKeys) {
      if (wrapKey.generation >= newest.generation) continue
      const { wrapped } = wrapFor(wrapKey, self.account, newest)
      const body = { generation: newest.generation, wrapped: toBase64(wrapped) }
      await this.http.signed("PUT", `/api/vault/${wrapKey.wrapper}`, body)
      await this.keyring.change((now) => withWrapKey(now, { ...wrapKey, generation: newest.generation }))
    }
  }
}
