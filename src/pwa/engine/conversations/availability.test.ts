import { expect, test } from "vitest"
import type { AccountId } from "../../bridge/models.js"
import type { Availability } from "../crypto/contents/availability.js"
import { NOTHING_DECLARED, withDeclared } from "./availability.js"

const anne = "anne" as AccountId
const absent: Availability = { type: "availability", state: "absent", sinceMs: 1_000, untilMs: 9_000, cover: null }
const usual: Availability = { type: "availability", state: "usual", sinceMs: 2_000, untilMs: 0, cover: null }

test("the newest choice counts, whatever the order of the log", () => {
  const forwards = withDeclared(withDeclared(NOTHING_DECLARED, anne, absent, 1_100), anne, usual, 2_100)
  const backwards = withDeclared(withDeclared(NOTHING_DECLARED, anne, usual, 2_100), anne, absent, 3_100)
  expect(forwards[anne]?.state).toBe("usual")
  expect(backwards[anne]?.state).toBe("usual")
})

test("nobody chooses later than the log says", () => {
  const ahead = withDeclared(NOTHING_DECLARED, anne, { ...absent, sinceMs: 8_000 }, 1_100)
  expect(ahead[anne]?.sinceMs).toBe(1_100)
  expect(withDeclared(ahead, anne, usual, 2_100)[anne]?.state).toBe("usual")
})
