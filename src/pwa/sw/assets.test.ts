import { expect, test } from "vitest"
import { answerOf } from "./assets.js"

const files = new Set(["/", "/assets/index-abc.js", "/icons/mark.svg"])
const answer = (path: string, { method = "GET", isNavigation = false, isOwnOrigin = true } = {}) => answerOf(method, isNavigation, path, isOwnOrigin, files)

test("the shell is answered from the cache", () => {
  expect(answer("/", { isNavigation: true })).toBe("page")
  expect(answer("/assets/index-abc.js")).toBe("file")
})

test("what carries people's data always goes to the network", () => {
  for (const path of ["/api/status", "/api", "/auth/psc/start", "/auth/psc/callback", "/socket", "/mock/authorize", "/health", "/ready"]) {
    expect(answer(path)).toBe("network")
    expect(answer(path, { isNavigation: true })).toBe("network")
  }
})

test("other methods, other sites and unknown files are left alone", () => {
  expect(answer("/", { method: "POST", isNavigation: true })).toBe("network")
  expect(answer("/icons/mark.svg", { isOwnOrigin: false })).toBe("network")
  expect(answer("/assets/index-old.js")).toBe("network")
})
