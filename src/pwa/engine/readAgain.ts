/** What took a newer program to read, or one without a fault, is tried again by each other one, once. */
import type { Keyring } from "./accounts/keyring.js"

export async function readAgain(keyring: Keyring, program: string, openAgain: () => Promise<unknown>): Promise<void> {
  if (keyring.self.program === program) return
  await openAgain()
  await keyring.change((self) => ({ ...self, program }))
}
