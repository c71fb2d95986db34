import {
  isPortalEnvironment,
  isPortalRole,
  portalConfiguration,
  portalEnvironments,
  portalRoles,
} from './portal.js';
import type { PortalRole } from './portal.js';

const known: PortalRole = 'admin';
for (const unknown of ['', 'Admin', 'toString', undefined, [known]]) {
  if (isPortalRole(unknown) || isPortalEnvironment(unknown)) throw new Error(String(unknown));
}
const fromOutside: unknown = JSON.parse(`["test", "${known}"]`);
if (!Array.isArray(fromOutside)) throw new Error('not a list');
const [environment, role] = fromOutside;
if (!isPortalEnvironment(environment) || !isPortalRole(role)) throw new Error('not known');
portalConfiguration(environment, role);

const ids = portalEnvironments.map((environment) => [
  environment,
  Object.fromEntries(portalRoles.map((role) => [role, portalConfiguration(environment, role)])),
]);
console.log(JSON.stringify(Object.fromEntries(ids)));
