import "fake-indexeddb/auto"
import { beforeEach, expect, it, vi } from "vitest"
import type { AccountId, DeviceId } from "../../bridge/models.js"
import { randomBytes } from "../bytes.js"
import { generateAccountSecret, type AccountSecret } from "../crypto/account.js"
import { apply, byAttestor, byDevice, createChain, makeLink, type Body, type ChainState, type Link } from "../crypto/chain.js"
import { signingKeyFromSeed } from "../crypto/signing.js"
import { Http } from "../http.js"
import { newAccount, newDevice } from "../ids.js"
import { Locker } from "../store/locker.js"
import type { Store } from "../store/store.js"
import { Contacts } from "./contacts.js"
import { personOf } from "./contact.js"
import { linkToJson } from "./links.js"

const ATTESTOR = signingKeyFromSeed(randomBytes(32))
const IDENTITY: Body = {
  kind: "identity",
  rpps: "99000000002",
  familyName: "FICTIF-HOARAU",
  givenName: "Marie",
  professionCode: "10",
  category: "C",
  provider: "mock",
  verifiedAtMs: 1,
  situation: null,
}

/** Someone's chain, as their devices and the attestor write it. */
class Chain {
  readonly links: Link[] = []
  readonly account: AccountId = newAccount()
  readonly device: DeviceId = newDevice()
  private readonly key = signingKeyFromSeed(randomBytes(32))
  private state: ChainState | null = null

  static async make(secret: AccountSecret): Promise<Chain> {
    const chain = new Chain()
    const { device, key } = chain
    const body = { device, devicePublic: key.public, signingPublic: secret.signing.public, sealingPublic: secret.sealing.public }
    await chain.take(await createChain(chain.account, { kind: "create", ...body }, key, 0))
    await chain.take(await makeLink(chain.state!, IDENTITY, byAttestor(ATTESTOR), 1))
    return chain
  }

  async addDevice(): Promise<DeviceId> {
    const device = newDevice()
    const body: Body = { kind: "add_device", device, devicePublic: signingKeyFromSeed(randomBytes(32)).public }
    await this.take(await makeLink(this.state!, body, byDevice(this.device, this.key), 2))
    return device
  }

  /** The same chain so far, to go on in another way. */
  fork(length: number): { readonly links: Link[]; readonly addDevice: () => Promise<void> } {
    const links = this.links.slice(0, length)
    return {
      links,
      addDevice: async () => {
        let state: ChainState | null = null
        for (const link of links) state = await apply(state, link, [ATTESTOR.public])
        const body: Body = { kind: "add_device", device: newDevice(), devicePublic: signingKeyFromSeed(randomBytes(32)).public }
        links.push(await makeLink(state!, body, byDevice(this.device, this.key), 3))
      },
    }
  }

  private async take(link: Link): Promise<void> {
    this.state = await apply(this.state, link, [ATTESTOR.public])
    this.links.push(link)
  }
}

/** What the server answers: the links above a number. */
let shown: readonly Link[]
let store: Store
let contacts: Contacts
let chain: Chain
const secret = await generateAccountSecret()

const http = new Http(
  {
    origin: "",
    fetch: (url) => {
      const after = Number(new URL(url, "http://x").searchParams.get("after"))
      const links = shown.slice(after + 1, after + 257).map(linkToJson)
      return Promise.resolve(new Response(JSON.stringify({ links, professional: null })))
    },
  },
  {
    session: () => "session",
    sign: () => Promise.resolve({ session: "session", atMs: 0, signature: new Uint8Array(64) }),
  },
)

beforeEach(async () => {
  const locker = await Locker.find(crypto.randomUUID(), () => undefined)
  store = await locker.make(() => Promise.resolve([]))
  contacts = new Contacts(http, store, () => [ATTESTOR.public])
  chain = await Chain.make(secret)
  shown = chain.links
})

it("reads a chain, remembers it, and says who it is by the attestor's word", async () => {
  const state = await contacts.access(chain.account)
  expect([...state.devices.keys()]).toEqual([chain.device])
  expect(personOf(contacts.find(chain.account)!)).toMatchObject({
    professional: { familyName: "FICTIF-HOARAU", account: chain.account },
    verification: { provider: "mock", verifiedAtMs: 1 },
  })

  shown = []
  const later = new Contacts(http, store, () => [ATTESTOR.public])
  await later.load()
  expect((await later.access(chain.account)).length).toBe(2)
})

it("tells of a new device once", async () => {
  await contacts.access(chain.account)
  const device = await chain.addDevice()
  contacts.onLearnt = vi.fn()
  await contacts.refresh(chain.account)
  await contacts.refresh(chain.account)
  const told = vi.mocked(contacts.onLearnt).mock.calls.map(([{ newDevices, isChanged }]) => [newDevices, isChanged])
  expect(told).toEqual([
    [[device], true],
    [[], false],
  ])
})

it("looks again before it calls a device unknown", async () => {
  await contacts.access(chain.account)
  const device = await chain.addDevice()
  expect(await contacts.devicePublic(chain.account, device)).toHaveLength(32)
  expect(await contacts.devicePublic(chain.account, newDevice())).toBeNull()
})

it.each(["shorter", "forked", "of someone else"])("refuses a chain that is %s, until the known one is shown again", async (how) => {
  await chain.addDevice()
  await contacts.access(chain.account)
  const fork = chain.fork(2)
  if (how === "forked") await fork.addDevice()
  shown = how === "of someone else" ? (await Chain.make(secret)).links : fork.links
  contacts.onRefused = vi.fn()

  await expect(contacts.refresh(chain.account)).rejects.toMatchObject({ code: "identity_refused" })
  await expect(contacts.access(chain.account)).rejects.toMatchObject({ code: "identity_refused" })
  expect(contacts.onRefused).toHaveBeenCalledWith(chain.account)
  expect(contacts.find(chain.account)?.isRefused).toBe(true)

  shown = chain.links
  await contacts.refresh(chain.account)
  expect((await contacts.access(chain.account)).length).toBe(3)
})

it("refuses an identity that another attestor signed", async () => {
  const strangers = new Contacts(http, store, () => [signingKeyFromSeed(randomBytes(32)).public])
  await expect(strangers.access(chain.account)).rejects.toMatchObject({ code: "identity_refused" })
  expect(strangers.find(chain.account)).toBeNull()
})
