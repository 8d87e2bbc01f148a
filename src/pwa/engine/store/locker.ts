/** The store of this device and its door: made, opened by what may open it, shut, destroyed. */
import { Refusal } from "../failure.js"
import type { Bytes } from "../bytes.js"
import { Database, type Write } from "./database.js"
import {
  addPasskey,
  doorWrite,
  hasPasskey,
  makeDoor,
  newLocalKey,
  openByDevice,
  openByPasskey,
  pinWrapOf,
  readDoor,
  removePasskey,
  removePin,
  setPin,
  type Door,
} from "./door.js"
import { makePin, openByPin, withoutGrace, type NewPin, type PinWrap } from "./pinDoor.js"
import { Records } from "./records.js"
import { Store } from "./store.js"

export class Locker {
  private localKey: Bytes | null = null

  private constructor(
    private database: Database,
    private door: Door | null,
    private readonly onClosed: () => void,
    private readonly name: string,
  ) {}

  static async find(name: string, onClosed: () => void): Promise<Locker> {
    const database = await Database.open(onClosed, name)
    const locker = new Locker(database, await readDoor(database), onClosed, name)
    await locker.forgetGrace()
    return locker
  }

  /** Nothing was ever stored here, or it was destroyed. */
  get isEmpty(): boolean {
    return this.door === null
  }

  get hasPasskey(): boolean {
    return this.door !== null && hasPasskey(this.door)
  }

  get pinWrap(): PinWrap | null {
    return this.door === null ? null : pinWrapOf(this.door)
  }

  get isShut(): boolean {
    return this.door?.isShut === true
  }

  /** A new store in place of whatever was here. `fill` says what is in it from the first moment. */
  async make(fill: (store: Store) => Promise<readonly Write[]>): Promise<Store> {
    await this.destroy()
    const localKey = newLocalKey()
    const door = await makeDoor(localKey)
    const store = await this.storeOf(localKey)
    await this.database.write([doorWrite(door), ...(await fill(store))], "strict")
    this.door = door
    return store
  }

  /** What this browser profile opens by itself, or null. */
  async openByDevice(): Promise<Store | null> {
    const localKey = this.door === null ? null : await openByDevice(this.door)
    return localKey === null ? null : this.storeOf(localKey)
  }

  /** What this passkey opens, or null when it was never turned on here. */
  async openByPasskey(passkey: string, prf: Bytes): Promise<Store | null> {
    const localKey = this.door === null ? null : await openByPasskey(this.door, passkey, prf)
    return localKey === null ? null : this.storeOf(localKey)
  }

  /** From now on the open store is opened by this passkey, and by this browser profile no longer. */
  async turnOn(passkey: string, prf: Bytes): Promise<void> {
    if (this.door === null || this.localKey === null) throw new Refusal("locked")
    await this.keep(await addPasskey(this.door, passkey, prf, this.localKey))
  }

  async turnOff(passkey: string): Promise<void> {
    if (this.door === null || this.localKey === null) throw new Refusal("locked")
    await this.keep(await removePasskey(this.door, passkey, this.localKey))
  }

  /** A PIN for the open store, which opens nothing until it is kept. */
  async makePin(digits: string): Promise<NewPin> {
    if (this.localKey === null) throw new Refusal("locked")
    return makePin(digits, this.localKey)
  }

  /** From now on this PIN opens the store, and this browser profile alone no longer. */
  async keepPin(wrap: PinWrap): Promise<void> {
    if (this.door === null) throw new Refusal("locked")
    await this.keep(setPin(this.door, wrap))
  }

  async removePin(): Promise<void> {
    if (this.door === null || this.localKey === null) throw new Refusal("locked")
    await this.keep(await removePin(this.door, this.localKey))
  }

  /** What the PIN opens with this share. Throws BadSeal. */
  async openByPin(wrap: PinWrap, mixed: Uint8Array, share: Uint8Array): Promise<Store> {
    return this.storeOf(await openByPin(wrap, mixed, share))
  }

  /** Whether a new sign-in must come before this browser profile may open it. */
  async shut(isShut: boolean): Promise<void> {
    if (this.door !== null && this.door.isShut !== isShut) await this.keep({ ...this.door, isShut })
  }

  /** What opens without network for a dated time is erased when that is over. */
  async forgetGrace(): Promise<void> {
    const wrap = this.pinWrap
    if (wrap?.grace != null && Date.now() >= wrap.grace.untilMs) await this.keepPin(withoutGrace(wrap))
  }

  async destroy(): Promise<void> {
    this.localKey = null
    this.door = null
    await this.database.destroy(this.name)
    this.database = await Database.open(this.onClosed, this.name)
  }

  /** Let the database go. */
  close(): void {
    this.localKey = null
    this.database.close()
  }

  private async storeOf(localKey: Bytes): Promise<Store> {
    this.localKey = localKey
    return new Store(this.database, await Records.open(localKey))
  }

  private async keep(door: Door): Promise<void> {
    await this.database.write([doorWrite(door)], "strict")
    this.door = door
  }
}
