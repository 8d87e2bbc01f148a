// @vitest-environment happy-dom
import { signal } from "@preact/signals"
import { beforeEach, expect, test } from "vitest"
import type { Phase } from "../bridge/models.js"
import { forgetWhenEmptied } from "./forgetting.js"

const signedOut: Phase = { kind: "signed-out", providers: [], error: null }
const locked: Phase = { kind: "locked", withPasskey: true, withPin: false, providers: [], error: null }

beforeEach(() => localStorage.setItem("lien.theme", "dark"))

test.each<[string, Phase, Phase]>([
  ["revoked", locked, { kind: "revoked" }],
  ["wiped or left for good", locked, signedOut],
])("nothing stays on a device that was %s", (_, before, after) => {
  const phase = signal(before)
  forgetWhenEmptied(phase)
  expect(localStorage).toHaveLength(1)
  phase.value = after
  expect(localStorage).toHaveLength(0)
})

test("what was chosen before the first sign-in stays", () => {
  const phase = signal<Phase>({ kind: "loading" })
  forgetWhenEmptied(phase)
  phase.value = signedOut
  expect(localStorage).toHaveLength(1)
})
