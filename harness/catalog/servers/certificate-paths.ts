/** Where servers without a folder of their own for it find the lab's certificate (PEM), and its private key. */
export const certificatePaths = {
  certificate: "/etc/ftp-lab/certificate.pem",
  privateKey: "/etc/ftp-lab/key.pem",
} as const;
