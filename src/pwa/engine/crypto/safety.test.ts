import { readFileSync } from "node:fs"
import { expect, test } from "vitest"
import type { AccountId } from "../../bridge/models.js"
import { Malformed } from "./errors.js"
import { compareQr, safetyCode, safetyQr, sideOf } from "./safety.js"

type Vector = { readonly accounts: AccountId[]; readonly first_links: string[]; readonly code: string[]; readonly qr_of_the_first: string }
const vector = JSON.parse(readFileSync(new URL("../../../../tests/vectors/safety.json", import.meta.url), "utf8")) as Vector
const link = (at: number): Uint8Array => Uint8Array.from(vector.first_links[at]?.match(/../g) ?? [], (pair) => parseInt(pair, 16))
const anne = await sideOf(vector.accounts[0]!, link(0))
const bruno = await sideOf(vector.accounts[1]!, link(1))

test("both sides see the digits that Python sees", () => {
  expect(safetyCode(anne, bruno)).toEqual(vector.code)
  expect(safetyCode(bruno, anne)).toEqual(vector.code)
  expect(safetyQr(anne, bruno)).toBe(vector.qr_of_the_first)
})

test("a scan says whether both phones see both people alike", async () => {
  const shown = safetyQr(anne, bruno)
  expect(compareQr(shown, bruno, anne)).toBe("same")
  const false1 = await sideOf(anne.account, link(1))
  expect(compareQr(shown, bruno, false1)).toBe("different")
  expect(compareQr(shown, await sideOf(bruno.account, link(0)), anne)).toBe("different")
  expect(compareQr(shown, anne, bruno)).toBe("someone-else")
  for (const other of ["", "https://example.org", "LIEN:0000", `${shown}:more`]) expect(() => compareQr(other, bruno, anne)).toThrow(Malformed)
})
