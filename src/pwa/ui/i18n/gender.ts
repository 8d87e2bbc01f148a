/** How French agrees with a person; unknown takes the masculine form or both. */
export type Gender = "feminine" | "masculine" | "unknown"
