import { expect, test } from "vitest"
import { Malformed } from "./errors.js"
import { formatRecoveryCode, newRecoveryCode, parseRecoveryCode } from "./recovery.js"

// The example of docs/keys.md, which the Python side reads as well.
const BYTES = Uint8Array.from({ length: 16 }, (_, at) => at)
const TEXT = "000G-40R4-0M30-E209-185G-R38E-1W4V"

test("the documented example is written and read", async () => {
  expect(await formatRecoveryCode(BYTES)).toBe(TEXT)
  expect(await parseRecoveryCode(TEXT)).toEqual(BYTES)
})

test("it is read however a person types it", async () => {
  expect(await parseRecoveryCode(" ooog 4or4 om3o e2o9 i85g r38e lw4v ")).toEqual(BYTES)
  expect(await parseRecoveryCode(TEXT.replaceAll("-", "\u2011"))).toEqual(BYTES)
})

test("one wrong, missing or swapped character is noticed before anything is asked of the server", async () => {
  const code = await formatRecoveryCode(newRecoveryCode())
  const wrong = (code.startsWith("0") ? "1" : "0") + code.slice(1)
  await expect(parseRecoveryCode(wrong)).rejects.toThrow(Malformed)
  await expect(parseRecoveryCode(code.slice(1))).rejects.toThrow(Malformed)
  await expect(parseRecoveryCode(`${code}0`)).rejects.toThrow(Malformed)
  await expect(parseRecoveryCode("000U-40R4-0M30-E209-185G-R38E-1W4V")).rejects.toThrow(Malformed)
  await expect(parseRecoveryCode("00G0-40R4-0M30-E209-185G-R38E-1W4V")).rejects.toThrow(Malformed)
})
