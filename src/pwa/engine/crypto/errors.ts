/** Why a structure of docs/keys.md is refused. The code is all: error texts reach consoles. */
import { Refusal } from "../failure.js"

/** Bytes that no writer of docs/keys.md writes; each structure says it by its own code. */
export class Malformed extends Refusal {
  constructor() {
    super("malformed")
  }
}

/** A box does not open, or a signature is wrong: which of the two is nobody's business. */
export class BadSeal extends Refusal {
  constructor() {
    super("bad_seal")
  }
}

export class BadLink extends Refusal {
  constructor() {
    super("bad_link")
  }
}

/** A sponsorship cannot be read, or is not signed by whom it names. */
export class BadSponsorship extends Refusal {
  constructor() {
    super("bad_sponsorship")
  }
}

/** The attestor keys do not follow one from the other, or not from the one that was known. */
export class BadSuccession extends Refusal {
  constructor() {
    super("bad_succession")
  }
}

export class BadStatement extends Refusal {
  constructor() {
    super("bad_statement")
  }
}

export class BadEnvelope extends Refusal {
  constructor() {
    super("bad_envelope")
  }
}

export class BadGateway extends Refusal {
  constructor() {
    super("bad_gateway")
  }
}

export class BadDocument extends Refusal {
  constructor() {
    super("bad_document")
  }
}

export class BadTrace extends Refusal {
  constructor() {
    super("bad_trace")
  }
}

/** A blob is not the one its key was made for, or not whole. */
export class BadBlob extends Refusal {
  constructor() {
    super("bad_blob")
  }
}

/** Say every failure of decoding by the error of the structure that was being read. */
export function reading<Value>(Failure: new () => Refusal, read: () => Value): Value {
  try {
    return read()
  } catch (error) {
    if (error instanceof Malformed) throw new Failure()
    throw error
  }
}
