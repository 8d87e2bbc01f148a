/**
 * Every word of the interface, in French: the first language. One file per area; `Words` is the shape all other
 * languages must fill. What is said behind the lock only is no weight of the first screen: `completeFrench` brings it.
 */
import { app } from "./fr/app.js"
import { entry } from "./fr/entry.js"
import { account } from "./fr/account.js"
import { identity } from "./fr/identity.js"
import { directory } from "./fr/directory.js"
import { security } from "./fr/security.js"
import { errors } from "./fr/errors.js"
import type { behind } from "./fr/behind.js"

const first = { ...app, ...entry, ...account, ...identity, ...directory, ...security, ...errors }

export type Words = typeof first & typeof behind

export const fr = { ...first } as Words

/** Before any screen behind the lock is shown. */
export function completeFrench(rest: typeof behind): void {
  Object.assign(fr, rest)
}
