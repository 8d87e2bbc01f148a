/** A first name for this device, from the families a browser tells ("Chrome sur Android"); the person may change it. */
import { words } from "../i18n/language.js"

const browsers: readonly (readonly [RegExp, string])[] = [
  [/Edg(e|A|iOS)?\//, "Edge"],
  [/SamsungBrowser\//, "Samsung Internet"],
  [/OPR\//, "Opera"],
  [/Firefox\/|FxiOS\//, "Firefox"],
  [/Chrome\/|CriOS\//, "Chrome"],
  [/Safari\//, "Safari"],
]

const systems: readonly (readonly [RegExp, string])[] = [
  [/Android/, "Android"],
  [/iPhone/, "iPhone"],
  [/iPad/, "iPad"],
  [/CrOS/, "ChromeOS"],
  [/Windows/, "Windows"],
  [/Mac OS X|Macintosh/, "Mac"],
  [/Linux/, "Linux"],
]

const firstMatch = (table: readonly (readonly [RegExp, string])[], text: string): string | undefined =>
  table.find(([pattern]) => pattern.test(text))?.[1]

export function deviceLabel(userAgent: string): string {
  const browser = firstMatch(browsers, userAgent) ?? words().device.browser
  const system = firstMatch(systems, userAgent) ?? words().device.thisDevice
  return words().device.on(browser, system)
}

/** Whether a device named like this is held in the hand: only decides its drawing. */
export const looksLikePhone = (label: string): boolean => /android|iphone|ipad|téléphone|phone/i.test(label)
