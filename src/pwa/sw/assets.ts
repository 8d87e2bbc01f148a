/** Which requests the shell's cache may answer. Everything that carries people's data goes to the network, always. */

export type Answer = "network" | "page" | "file"

const neverCached = ["/api/", "/auth/", "/mock/", "/socket", "/health", "/ready"] as const

/** `files` are the paths of the shell, `/` being the page itself. */
export function answerOf(method: string, isNavigation: boolean, path: string, isOwnOrigin: boolean, files: ReadonlySet<string>): Answer {
  if (method !== "GET" || !isOwnOrigin) return "network"
  if (neverCached.some((prefix) => path === prefix || path === prefix.replace(/\/$/, "") || path.startsWith(prefix))) return "network"
  if (isNavigation) return path === "/" || path === "/index.html" ? "page" : "network"
  return files.has(path) ? "file" : "network"
}

/** Hashed files never change: a copy from an older cache is as good as a new one. */
export const isHashed = (path: string): boolean => path.startsWith("/assets/")
