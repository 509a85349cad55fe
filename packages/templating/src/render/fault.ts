/** A template cannot be rendered with this context; becomes a coded error with the position of its tag. */
export class RenderFault extends Error {
  readonly helper: string | undefined;
  readonly hint: string | undefined;

  constructor(
    message: string,
    options: { readonly helper?: string | undefined; readonly hint?: string | undefined } = {},
  ) {
    super(message);
    this.helper = options.helper;
    this.hint = options.hint;
  }
}

const ORDINALS = ['first', 'second', 'third'];

/** Names the helper, the argument, what it must be and what it is. */
export function wrongArgument(helper: string, index: number, expected: string, found: string): RenderFault {
  const text = `${helper}: the ${ORDINALS[index] ?? `${index + 1}th`} argument must be ${expected}, found ${found}`;
  const hint =
    found === 'nothing' ? 'The path names nothing here: check its spelling and give it a default.' : undefined;
  return new RenderFault(text, { helper, hint });
}

export function missingArgument(helper: string, index: number): RenderFault {
  return new RenderFault(`${helper}: the ${ORDINALS[index] ?? `${index + 1}th`} argument is missing`, { helper });
}
