/** What the deployment said of itself, kept with this device: it counts without network too. */
import { requireKnown } from "../crypto/attestor.js"
import { BadSuccession } from "../crypto/errors.js"
import { Refusal } from "../failure.js"
import type { Status } from "../status.js"
import type { Keyring } from "./keyring.js"

export type Deployment = Pick<Status, "retentionDays" | "retentionLeastDays" | "isDemo" | "lockSeconds" | "attestors">

/** Follow it. Which keys sign identities: the known ones, or who follows them; else refuses with `attestor_refused`. */
export async function follow(keyring: Keyring, { retentionDays, retentionLeastDays, isDemo, lockSeconds, attestors }: Deployment): Promise<void> {
  const { self } = keyring
  try {
    requireKnown(attestors, self.attestors)
  } catch (error) {
    throw error instanceof BadSuccession ? new Refusal("attestor_refused") : error
  }
  const settings = { retentionDays, retentionLeastDays, isDemo, lockSeconds }
  const isSame = Object.entries(settings).every(([name, value]) => self[name as keyof typeof settings] === value)
  if (!isSame || attestors.length !== self.attestors.length) await keyring.change((now) => ({ ...now, ...settings, attestors }))
}
