/** Version of the tools in this build. */
export const VERSION = '0.1.0/dev';
