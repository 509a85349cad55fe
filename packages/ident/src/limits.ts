/**
 * Longest identifier or version that is looked at, in UTF-16 units. A path component holds at most 255 bytes, so a
 * longer identifier could not be installed anywhere.
 */
export const MAX_IDENT_LENGTH = 1024;

/** Longest service group or bind that is looked at, in UTF-16 units. */
export const MAX_SERVICE_GROUP_LENGTH = 1024;
