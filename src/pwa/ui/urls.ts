/** The only script addresses this page ever starts, blessed by the one Trusted Types policy the server allows. */
import pdfWorkerUrl from "pdfjs-dist/build/pdf.worker.min.mjs?url"
import engineUrl from "../engine/main.ts?worker&url"

const serviceWorkerUrl = "/sw.js"
const allowed: ReadonlySet<string> = new Set([engineUrl, pdfWorkerUrl, serviceWorkerUrl])

type Policy = { createScriptURL(url: string): unknown }
type Policies = { createPolicy(name: string, rules: { createScriptURL: (url: string) => string }): Policy }

function onlyAllowed(url: string): string {
  if (!allowed.has(url)) throw new TypeError("not a script of this page")
  return url
}

/** Browsers without Trusted Types take the plain string, checked alike. The DOM types know no trusted string yet. */
function bless(): (url: string) => string {
  const policies = (globalThis as { readonly trustedTypes?: Policies }).trustedTypes
  if (policies === undefined) return onlyAllowed
  const policy = policies.createPolicy("lien-urls", { createScriptURL: onlyAllowed })
  return (url) => policy.createScriptURL(url) as string
}

const blessed = bless()

export const startEngineWorker = (): Worker => new Worker(blessed(engineUrl), { type: "module", name: "lien-engine" })

/** Parses PDF files; it knows nothing else. */
export const startPdfWorker = (): Worker => new Worker(blessed(pdfWorkerUrl), { type: "module", name: "lien-pdf" })

export const registerServiceWorker = (): Promise<ServiceWorkerRegistration> =>
  navigator.serviceWorker.register(blessed(serviceWorkerUrl), { updateViaCache: "none" })
