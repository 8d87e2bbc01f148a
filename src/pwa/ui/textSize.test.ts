// @vitest-environment happy-dom
import { afterEach, expect, test } from "vitest"
import { chooseTextSize, restoreTextSize, textSize } from "./textSize.js"

afterEach(() => {
  localStorage.clear()
  restoreTextSize()
})

test("a larger text stays, and what is no size is the usual one", () => {
  chooseTextSize(130)
  expect(document.documentElement.style.fontSize).toBe("130%")
  restoreTextSize()
  expect(textSize.value).toBe(130)
  localStorage.setItem("lien.text-size", "9000")
  restoreTextSize()
  expect(textSize.value).toBe(100)
  expect(document.documentElement.style.fontSize).toBe("")
})
