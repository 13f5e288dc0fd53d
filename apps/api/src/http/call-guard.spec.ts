import 'reflect-metadata';
import { expect, it } from '@jest/globals';
import { CallGuard } from './call-guard.ts';

it('denies a method of a controller that is not a declared call', async () => {
  const nobody = {} as never;
  const guard = new CallGuard(nobody, nobody, nobody, nobody, nobody);
  const context = { getHandler: () => () => 'open to everybody', switchToHttp: () => ({ getRequest: () => ({}) }) };
  await expect(guard.canActivate(context as never)).rejects.toMatchObject({ code: 'not-allowed' });
});
