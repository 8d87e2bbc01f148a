/** One task at a time for each name, in the order they came. */
export class Turns {
  private readonly tails = new Map<string, Promise<unknown>>()

  /** A task that fails does not stop those after it. Never ask for a turn of the same name inside one: it waits for itself. */
  run<T>(name: string, task: () => Promise<T>): Promise<T> {
    const before = this.tails.get(name) ?? Promise.resolve()
    const after = before.then(task, task)
    this.tails.set(name, after)
    const forget = (): void => {
      if (this.tails.get(name) === after) this.tails.delete(name)
    }
    after.then(forget, forget)
    return after
  }
}
