import { compareTotal, compareVersions, formatIdent, parseIdent, satisfies } from '@hab/ident';

const wanted = parseIdent('core/redis/7');
const releases = ['core/redis/7/20240102030405', 'core/redis/7.0.15/20240102030405', 'core/redis/7/20250102030405'];

const matching = releases.map(parseIdent).filter((ident) => satisfies(ident, wanted));
const newest = matching.sort((a, b) => compareTotal(a, b)).at(-1);
console.log(newest && formatIdent(newest)); // core/redis/7/20250102030405
console.log(compareVersions('7.0.9', '7.0.15')); // -1
