import { defineConfig } from 'vitest/config';
import { unitTests } from '../../vitest.base.ts';

export default defineConfig(unitTests);
