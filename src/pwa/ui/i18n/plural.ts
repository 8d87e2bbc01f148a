/** French counts 0 and 1 as one. */
export const plural = (n: number, one: string, many: string): string => (Math.abs(n) < 2 ? one : many)

/** English counts only 1 as one. */
export const many = (n: number, one: string, several: string): string => (n === 1 ? one : several)
