/** Ports of services that speak no HTTP, or whose HTTP is for their operators. */
const SERVICES = new Set([
  1099, 1433, 1521, 2049, 2181, 2375, 2376, 2377, 2379, 2380, 3306, 3389, 4369, 5432, 5601, 5671, 5672, 5900, 5984, 5985, 5986,
  6000, 6379, 6443, 7000, 7001, 8086, 8500, 9042, 9092, 9100, 9160, 9200, 9300, 10_250, 10_255, 11_211, 15_671, 15_672, 25_672,
  26_379, 27_017, 27_018, 50_070, 61_613, 61_616,
]);

/** True for a port on which web servers for others are found: 80, 443, and the unprivileged ones but for those of known services. */
export function isWebPort(port: number): boolean {
  return port === 80 || port === 443 || (port >= 1024 && !SERVICES.has(port));
}
