import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';

/** Packages whose objects we pass to other packages. Two installed copies would not recognise each other's classes and types. */
const SHARED = ['socket.io', 'fastify', '@nestjs/common', '@nestjs/core', 'bullmq', 'ioredis', 'pg', 'react'];

describe('a package whose objects other packages use', () => {
  const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8')) as { packages: Record<string, object> };

  it.each(SHARED)('%s is installed once', (name) => {
    const copies = Object.keys(packages).filter((key) => key.endsWith(`node_modules/${name}`));
    expect(copies).toEqual([`node_modules/${name}`]);
  });
});
