/**
 * The way in by PIN: the server's share opens the store and a session follows; without network a share kept here for
 * a dated time opens it alone. Ten wrong tries, counted there or here, and this device is wiped.
 */
import type { PinAnswer } from "../bridge/commands.js"
import { deletePin, putPin, tryPin, type PinTry } from "./accounts/pin.js"
import type { Bytes } from "./bytes.js"
import { isStrongPin } from "./crypto/pin.js"
import { BadSeal } from "./crypto/errors.js"
import type { Desk } from "./desk.js"
import { codeOf, isPassing, Refusal } from "./failure.js"
import type { Gate } from "./gate.js"
import { orOffline } from "./patience.js"
import { mixPin, OFFLINE_TRIES, shareOf, withGrace, withoutGrace, withTries, type PinWrap } from "./store/pinDoor.js"
import type { Store } from "./store/store.js"

const HOUR_MS = 3_600_000
const PATIENCE_MS = 6_000

const OPEN: PinAnswer = { isOpen: true, left: 0, waitMs: 0 }

/**
 * Answers whether the store is open now, or how many tries are left and how long to wait before the next. Where it is
 * open already, the person proves once more who they are: a session begins as it would after a lock.
 */
export async function unlockByPin(gate: Gate, digits: string): Promise<PinAnswer> {
  const wrap = gate.locker.pinWrap
  if (wrap === null) throw new Refusal("locked")
  const mixed = await mixPin(wrap, digits)
  try {
    if (gate.desk !== null) return await prove(gate, gate.desk, await tryPin(gate.http, wrap.pin, mixed))
    const tried = await asked(gate, wrap, mixed)
    if (tried === null) return await openOffline(gate, wrap, mixed)
    if (!tried.isRight) return await wrong(gate, tried.left, tried.waitMs)
    // Started without the network, which is back: what the deployment allows is not known yet.
    if (gate.status === null) await gate.ask()
    const desk = await gate.makeDesk(await open(gate, wrap, mixed, tried.share))
    await renewGrace(gate, wrap, tried.share)
    await gate.takeAndSignIn(desk, () => desk.sessions.enterByPin(tried.nonce))
    return OPEN
  } finally {
    mixed.fill(0)
  }
}

async function prove(gate: Gate, desk: Desk, tried: PinTry): Promise<PinAnswer> {
  if (!tried.isRight) return wrong(gate, tried.left, tried.waitMs)
  tried.share.fill(0)
  await gate.signIn(desk, () => desk.sessions.enterByPin(tried.nonce))
  return OPEN
}

/** Null without network, where a share is kept here. */
async function asked(gate: Gate, wrap: PinWrap, mixed: Bytes): Promise<PinTry | null> {
  const trying = tryPin(gate.http, wrap.pin, mixed)
  if (wrap.grace === null) return trying
  try {
    return await orOffline(trying, PATIENCE_MS)
  } catch (error) {
    if (codeOf(error) !== "offline") throw error
    return null
  }
}

async function open(gate: Gate, wrap: PinWrap, mixed: Bytes, share: Bytes): Promise<Store> {
  try {
    return await gate.locker.openByPin(wrap, mixed, share)
  } catch (error) {
    // The digits were right: it is the box that is damaged.
    throw error instanceof BadSeal ? new Refusal("storage_failed") : error
  }
}

async function openOffline(gate: Gate, wrap: PinWrap, mixed: Bytes): Promise<PinAnswer> {
  const share = await shareOf(wrap, gate.ports.clock.now())
  if (share === null || wrap.grace === null) throw new Refusal("offline")
  // Counted before it is looked at, as at the server.
  const tries = wrap.grace.tries + 1
  await gate.locker.keepPin(withTries(wrap, tries))
  let store: Store
  try {
    store = await gate.locker.openByPin(wrap, mixed, share)
  } catch {
    return wrong(gate, OFFLINE_TRIES - tries, 0)
  }
  await gate.locker.keepPin(withTries(wrap, 0))
  gate.take(await gate.makeDesk(store))
  return OPEN
}

async function wrong(gate: Gate, left: number, waitMs: number): Promise<PinAnswer> {
  if (left <= 0) await gate.wipe()
  return { isOpen: false, left: Math.max(0, left), waitMs }
}

/** As long as the deployment allows now; what was granted stays where it does not answer. */
async function renewGrace(gate: Gate, wrap: PinWrap, share: Bytes): Promise<void> {
  if (gate.status === null) return
  const hours = gate.status.pinOfflineHours
  const untilMs = gate.ports.clock.now() + hours * HOUR_MS
  await gate.locker.keepPin(hours > 0 ? await withGrace(wrap, share, untilMs) : withoutGrace(wrap))
}

/** A PIN for this device, in place of any before. Refuses with `weak_pin` for digits that a thief tries first. */
export async function setPin(gate: Gate, desk: Desk, digits: string): Promise<void> {
  if (!isStrongPin(digits)) throw new Refusal("weak_pin")
  const replaced = gate.locker.pinWrap?.pin ?? null
  const made = await gate.locker.makePin(digits)
  await putPin(desk.http, made, replaced)
  await renewGrace(gate, made.wrap, made.share)
  made.share.fill(0)
  if (replaced !== null) await forget(desk, replaced)
  await desk.keyring.change((self) => (self.isOfferAnswered ? self : { ...self, isOfferAnswered: true }))
}

export async function removePin(gate: Gate, desk: Desk): Promise<void> {
  const wrap = gate.locker.pinWrap
  if (wrap === null) return
  await gate.locker.removePin()
  await forget(desk, wrap.pin)
}

/** What the server keeps of a PIN that opens nothing here any more is of no use to anyone. */
async function forget(desk: Desk, pin: string): Promise<void> {
  await deletePin(desk.http, pin).catch((error: unknown) => {
    if (!isPassing(codeOf(error)) && codeOf(error) !== "not_found") throw error
  })
}
