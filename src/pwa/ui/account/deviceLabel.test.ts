import { expect, test } from "vitest"
import { deviceLabel, looksLikePhone } from "./deviceLabel.js"

const chrome = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Mobile Safari/537.36"

test("a device is named by the families its browser tells", () => {
  expect(deviceLabel(chrome)).toBe("Chrome sur Android")
  expect(deviceLabel(`${chrome} EdgA/156.0`)).toBe("Edge sur Android")
  expect(deviceLabel("Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 Version/18.6 Mobile/15E148 Safari/604.1")).toBe("Safari sur iPhone")
  expect(deviceLabel("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0")).toBe("Firefox sur Windows")
  expect(deviceLabel("")).toBe("Navigateur sur cet appareil")
})

test("its drawing follows its name", () => {
  expect(looksLikePhone("Chrome sur Android")).toBe(true)
  expect(looksLikePhone("Firefox sur Windows")).toBe(false)
})
